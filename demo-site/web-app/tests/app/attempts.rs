//! Sign-ins that were begun: where they are kept, and for how long.

use axum::http::Method;
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::Duration;

use crate::browser::Browser;
use crate::identity_server;

mod given_nobody_who_is_signed_in {
    use super::*;

    // Sessions are bounded in number: whoever asks for enough of them would sign everybody out.
    #[tokio::test]
    async fn being_sent_to_sign_in_takes_up_no_session() {
        let mut browser = Browser::start().await;
        for place in ["/sign-in", "/workshop", "/claims"] {
            let answer = browser.get(place).await;
            assert!(answer.cookies().iter().all(|cookie| cookie.name() != "towpath"), "{place}");
        }
        browser.sign_in_as("pat").await;
        assert!(browser.cookies().any(|name| name == "towpath"));
    }

    #[tokio::test]
    async fn what_the_browser_keeps_tells_it_nothing_and_lasts_ten_minutes() {
        let mut browser = Browser::start().await;
        let answer = browser.get("/sign-in").await;
        let cookies = answer.cookies();
        let [cookie] = cookies.as_slice() else { panic!("{cookies:?}") };
        assert!(cookie.name().starts_with("towpath-attempt-"), "{cookie}");
        assert!(!cookie.value().contains(answer.departure().nonce()), "{cookie}");
        assert_eq!(cookie.max_age(), Some(Duration::minutes(10)));
        assert_eq!(cookie.same_site(), Some(SameSite::Lax));
        assert_eq!((cookie.http_only(), cookie.secure(), cookie.path()), (Some(true), None, Some("/")));
    }

    #[tokio::test]
    async fn over_https_it_is_for_this_host_alone_and_is_taken_away_again() {
        let issuer = identity_server::start(|_| {}).await;
        let mut browser = Browser::of(&issuer, "https://app.example.com");
        let answer = browser.get("/sign-in").await;
        let back = browser.get(&answer.departure().back_with("error=access_denied")).await;
        // Without `Secure`, browsers would not take the removal of a cookie of this name either.
        for cookie in [answer.cookies(), back.cookies()].concat() {
            assert!(cookie.name().starts_with("__Host-towpath-attempt-"), "{cookie}");
            assert_eq!((cookie.secure(), cookie.path()), (Some(true), Some("/")), "{cookie}");
        }
        assert_eq!(browser.cookies().count(), 0);
    }
}

mod given_several_tabs {
    use super::*;

    #[tokio::test]
    async fn two_that_leave_at_the_same_time_both_come_back() {
        let mut browser = Browser::start().await;
        let first = browser.ask(Method::GET, "/workshop").await;
        let second = browser.ask(Method::GET, "/shop/orders").await;
        browser.keep(&first);
        browser.keep(&second);
        assert_eq!(browser.get(&first.departure().back_as("pat")).await.location(), "/workshop");
        assert_eq!(browser.get(&second.departure().back_as("pat")).await.location(), "/shop/orders");
    }

    #[tokio::test]
    async fn there_are_five_attempts_at_most_and_the_last_is_one_of_them() {
        let mut browser = Browser::start().await;
        for _ in 0..6 {
            browser.get("/sign-in").await;
        }
        let departure = browser.get("/sign-in").await.departure();
        assert_eq!(browser.cookies().count(), 5);
        assert_eq!(browser.get(&departure.back_as("pat")).await.location(), "/");
    }
}

mod given_an_answer {
    use super::*;

    /// It is used up, whatever came of it.
    async fn check(answer: &str, status: u16, code: &str) {
        let mut browser = Browser::start().await;
        let back = browser.get("/sign-in").await.departure().back_with(answer);
        browser.get(&back).await.assert_problem(status, code);
        browser.get(&back).await.assert_problem(400, "callback.unknown_state");
    }

    #[tokio::test]
    async fn that_the_person_said_no() {
        check("error=access_denied", 403, "callback.refused").await;
    }

    #[tokio::test]
    async fn of_another_issuer() {
        check("code=code&iss=https://evil.example", 400, "callback.issuer_mismatch").await;
    }

    #[tokio::test]
    async fn with_a_code_that_is_not_taken() {
        check("code=made-up", 502, "server.token_refused").await;
    }

    #[tokio::test]
    async fn from_another_sign_in() {
        check("code=pat.another-nonce", 502, "id_token.nonce_mismatch").await;
    }

    #[tokio::test]
    async fn that_is_another_browsers() {
        let mut browser = Browser::start().await;
        let back = browser.get("/sign-in").await.departure().back_as("pat");
        let mut elsewhere = browser.elsewhere();
        elsewhere.get("/sign-in").await;
        elsewhere.get(&back).await.assert_problem(400, "callback.unknown_state");
        browser.get(&back).await.location();
    }
}

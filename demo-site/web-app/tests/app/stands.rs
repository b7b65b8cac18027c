//! The page on which something is done.

use serde_json::json;

use crate::browser::Browser;

// A form whose answer leads on to another origin is stopped by the page's own policy unless that names it, and where people sign
// in is not known before the identity server was asked for the first time.
mod given_an_identity_server_of_several_origins {
    use super::*;

    async fn start() -> Browser {
        Browser::start_at(|discovery| {
            discovery["authorization_endpoint"] = json!("https://login.example/authorize");
            discovery["end_session_endpoint"] = json!("https://logout.example/");
        })
        .await
    }

    #[tokio::test]
    async fn a_visitor_is_led_to_sign_in_by_a_link() {
        let mut browser = start().await;
        let page = browser.get("/stands").await;
        assert!(page.body.contains(r#"href="/sign-in?return_to=%2Fstands""#), "{}", page.body);
        assert!(!page.body.contains("<form"), "{}", page.body);
        assert_eq!(page.form_action(), "'self'");
        assert!(
            browser.get("/sign-in?return_to=/stands").await.location().starts_with("https://login.example/")
        );
    }

    #[tokio::test]
    async fn a_form_that_comes_too_late_leads_to_its_page() {
        assert_eq!(start().await.post("/stands").await.location(), "/stands");
    }

    #[tokio::test]
    async fn a_member_may_go_where_one_signs_out() {
        let mut browser = start().await;
        browser.sign_in_as("pat").await;
        assert_eq!(browser.get("/stands").await.form_action(), "'self' https://logout.example");
    }
}

mod given_a_stand_that_is_taken {
    use super::*;

    async fn start() -> Browser {
        let mut browser = Browser::start().await;
        browser.sign_in_as("pat").await;
        browser.post("/stands").await;
        assert!(browser.get("/stands").await.body.contains("Stand 4 is yours"));
        browser
    }

    #[tokio::test]
    async fn it_stays_theirs_when_they_sign_in_again() {
        let mut browser = start().await;
        browser.sign_in_as("pat").await;
        assert!(browser.get("/stands").await.body.contains("Stand 4 is yours"));
    }

    #[tokio::test]
    async fn it_is_not_that_of_whoever_signs_in_next() {
        let mut browser = start().await;
        browser.sign_in_as("robin").await;
        let page = browser.get("/stands").await;
        assert!(page.body.contains("Stand 4 is free. Hello, robin."), "{}", page.body);
    }
}

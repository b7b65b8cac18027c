//! Signing in through another provider: whose account it is, what follows, and who may come back.
//!
//! Providers that say what must not be believed are in `hostile_provider.rs`.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;

use crate::provider::{
    CLIENT_ID, NOT_ACCEPTED, NOT_REACHED, Signature, assert_refused, come_back, depart, departure, leave,
    pair, pair_with_policy, return_of, sign_in, told, way_out,
};
use crate::support::{Answer, Client, Conversation, EMAIL, PASSWORD, claims};

mod given_somebody_whom_the_provider_knows {
    use super::*;

    #[tokio::test]
    async fn they_get_an_account_and_tokens_that_say_where_they_come_from() {
        let (server, provider) = pair("").await;
        let told = sign_in(&server, &provider).await;
        assert_eq!(
            (told["state"].as_str(), told["iss"].as_str()),
            ("a state", "http://localhost:4401/oauth2/default")
        );
        let tokens = server.client().redeem(&told["interaction_code"]).await.json();
        let claims = claims(&tokens["id_token"]);
        assert_eq!(claims["idp"], "canal");
        assert_eq!(claims["amr"], json!(["fed"]));
        assert_eq!(
            (&claims["email"], &claims["email_verified"], &claims["name"]),
            (&json!("robin@canal.example"), &json!(true), &json!("Robin New"))
        );
    }

    #[tokio::test]
    async fn the_browser_is_sent_with_all_that_binds_the_answer() {
        let (server, provider) = pair("").await;
        let departure = depart(&server.client().begin().await).await;
        assert!(departure.address.starts_with(&format!("{}/authorize?", provider.issuer)));
        for (name, value) in [
            ("client_id", CLIENT_ID),
            ("response_type", "code"),
            ("redirect_uri", "http://localhost:4401/oauth2/v1/authorize/callback"),
            ("scope", "openid profile email"),
            ("code_challenge_method", "S256"),
        ] {
            assert_eq!(departure.sent[name], value);
        }
        for name in ["state", "nonce", "code_challenge"] {
            assert_eq!(departure.sent[name].len(), 43, "{name}");
        }
        let another = depart(&server.client().begin().await).await;
        assert!(
            ["state", "nonce", "code_challenge"]
                .iter()
                .all(|name| another.sent[*name] != departure.sent[*name])
        );
    }

    #[tokio::test]
    async fn the_cookie_is_for_this_server_alone_and_is_gone_afterwards() {
        let (server, provider) = pair("").await;
        let client = server.client();
        let page = client.begin().await;
        let set = leave(&page).await.header("set-cookie").to_owned();
        assert!(set.ends_with("; Max-Age=900; Path=/; HttpOnly; SameSite=Lax"), "{set}");
        let departure = depart(&page).await;
        let code = provider.approve(&departure, server.now_in_seconds());
        let back = come_back(&client, &departure, &[("code", &code)]).await;
        let (name, _) = departure.cookie.split_once('=').unwrap();
        assert_eq!(back.header("set-cookie"), format!("{name}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"));
    }

    #[tokio::test]
    async fn the_next_time_it_is_the_same_account_whatever_address_they_have_by_then() {
        let (server, provider) = pair("").await;
        let subject = |told: std::collections::HashMap<String, String>| {
            let client = server.client();
            async move {
                claims(&client.redeem(&told["interaction_code"]).await.json()["id_token"])["sub"].clone()
            }
        };
        let first = subject(sign_in(&server, &provider).await).await;
        provider.script(|script| {
            script.claims["email"] = json!("moved@canal.example");
            script.claims["email_verified"] = json!(false);
            script.claims.as_object_mut().unwrap().remove("nonce");
        });
        assert_eq!(subject(sign_in(&server, &provider).await).await, first);
    }

    #[tokio::test]
    async fn names_are_kept_as_long_as_the_form_would_take_them() {
        let (server, provider) = pair("").await;
        provider.claim("given_name", json!("é".repeat(2000)));
        let told = sign_in(&server, &provider).await;
        let tokens = server.client().redeem(&told["interaction_code"]).await.json();
        assert_eq!(claims(&tokens["id_token"])["given_name"], "é".repeat(50));
    }

    #[tokio::test]
    async fn what_only_userinfo_tells_is_asked_there() {
        let (server, provider) = pair("").await;
        provider.script(|script| {
            script.userinfo = script.claims.clone();
            script.claims = json!({ "sub": "robin" });
        });
        let told = sign_in(&server, &provider).await;
        let tokens = server.client().redeem(&told["interaction_code"]).await.json();
        assert_eq!(claims(&tokens["id_token"])["email"], "robin@canal.example");
    }

    #[tokio::test]
    async fn a_second_proof_may_be_asked_for_and_the_client_goes_on_with_what_it_has() {
        let (server, provider) = pair_with_policy("[policy]\nsecond_factor = \"always\"", "").await;
        let mut page = server.client().begin().await;
        let told = return_of(&server, &provider, &page).await;
        assert_eq!(told["error"], "interaction_required");
        assert_eq!(told["state"], "a state");
        page.answer = page.client.introspect(&json!({ "interactionHandle": page.interaction_handle })).await;
        page.state_handle = page.answer.json()["stateHandle"].as_str().unwrap().to_owned();
        assert_eq!(page.answer.remediations(), ["challenge-authenticator"]);
        page.answer(&server.code("robin@canal.example").await).await;
        let tokens = server.client().redeem(&page.interaction_code()).await.json();
        let claims = claims(&tokens["id_token"]);
        assert_eq!((&claims["amr"], &claims["idp"]), (&json!(["fed", "otp", "mfa"]), &json!("canal")));
    }

    #[tokio::test]
    async fn a_provider_that_signs_with_a_curve_is_as_good() {
        let (server, provider) = pair("").await;
        provider.script(|script| (script.signature, script.kid) = (Signature::Es256, json!("curve")));
        assert!(sign_in(&server, &provider).await.contains_key("interaction_code"));
    }

    #[tokio::test]
    async fn a_key_without_a_name_is_found_if_there_is_one_only() {
        let (server, provider) = pair("").await;
        provider.script(|script| script.kid = json!(null));
        assert!(sign_in(&server, &provider).await.contains_key("interaction_code"));
    }

    #[tokio::test]
    async fn keys_are_fetched_once_and_anew_when_they_have_changed() {
        let (server, provider) = pair("").await;
        for _ in 0..2 {
            sign_in(&server, &provider).await;
            provider.script(|script| script.claims.as_object_mut().unwrap().remove("nonce"));
        }
        assert_eq!(provider.script(|script| script.asked["/keys"]), 1);
        provider.script(|script| (script.kid, script.published_kid) = (json!("second"), "second"));
        assert!(sign_in(&server, &provider).await.contains_key("interaction_code"));
        assert_eq!(provider.script(|script| script.asked["/keys"]), 2);
        assert_eq!(provider.script(|script| script.asked["/.well-known/openid-configuration"]), 1);
    }
}

mod given_an_address_that_has_an_account {
    use super::*;

    #[tokio::test]
    async fn a_verified_one_makes_them_its_owner() {
        let (server, provider) = pair("").await;
        let pat = claims(&server.client().sign_in().await["id_token"])["sub"].clone();
        provider.claim("email", json!("Pat@Example.com"));
        let told = sign_in(&server, &provider).await;
        let tokens = server.client().redeem(&told["interaction_code"]).await.json();
        assert_eq!(claims(&tokens["id_token"])["sub"], pat);
        assert_eq!(claims(&tokens["id_token"])["name"], "Pat Example");
    }

    #[tokio::test]
    async fn the_password_signs_in_as_before() {
        let (server, provider) = pair("").await;
        provider.claim("email", json!(EMAIL));
        sign_in(&server, &provider).await;
        let mut page = server.client().begin().await;
        page.identify(EMAIL).await;
        page.answer(PASSWORD).await;
        let tokens = server.client().redeem(&page.interaction_code()).await.json();
        assert!(claims(&tokens["id_token"]).get("idp").is_none());
    }

    #[tokio::test]
    async fn one_that_is_not_verified_is_worth_nothing() {
        for verified in [json!(false), json!("false"), json!(1), json!(null)] {
            let (server, provider) = pair("").await;
            provider.claim("email", json!(EMAIL));
            provider.claim("email_verified", verified);
            let told = sign_in(&server, &provider).await;
            assert_refused(&told, "access_denied", "Canal Union ID has not verified your email address.");
        }
    }

    #[tokio::test]
    async fn it_is_not_theirs_where_nothing_is_linked() {
        let (server, provider) = pair("linking = \"never\"").await;
        provider.claim("email", json!(EMAIL));
        let told = sign_in(&server, &provider).await;
        let description = "Your email address has an account here that is not linked to Canal Union ID. \
                           Sign in to it another way.";
        assert_refused(&told, "access_denied", description);
    }

    #[tokio::test]
    async fn two_subjects_with_one_address_are_both_its_owners_and_nobody_elses() {
        let (server, provider) = pair("").await;
        for subject in ["one", "two"] {
            provider.script(|script| {
                script.claims = json!({ "sub": subject, "email": EMAIL, "email_verified": true });
            });
            let told = sign_in(&server, &provider).await;
            let tokens = server.client().redeem(&told["interaction_code"]).await.json();
            assert_eq!(claims(&tokens["id_token"])["email"], EMAIL);
        }
    }
}

mod given_somebody_without_an_account {
    use super::*;

    #[tokio::test]
    async fn none_is_made_where_none_are() {
        let (server, provider) = pair("provisioning = \"none\"").await;
        let told = sign_in(&server, &provider).await;
        assert_refused(&told, "access_denied", "There is no account here for you at Canal Union ID.");
    }

    #[tokio::test]
    async fn none_is_made_without_an_address_that_is_theirs() {
        for (email, verified) in [
            (json!("robin@canal.example"), json!(false)),
            (json!("not an address"), json!(true)),
            (json!(["robin@canal.example"]), json!(true)),
            (json!(""), json!(true)),
        ] {
            let (server, provider) = pair("").await;
            provider.claim("email", email);
            provider.claim("email_verified", verified);
            let told = sign_in(&server, &provider).await;
            assert_refused(&told, "access_denied", "Canal Union ID has not verified your email address.");
        }
    }

    #[tokio::test]
    async fn the_page_is_where_it_was_and_another_way_is_open() {
        let (server, provider) = pair("provisioning = \"none\"").await;
        let mut page = server.client().begin().await;
        return_of(&server, &provider, &page).await;
        page.identify(EMAIL).await;
        assert!(page.answer(PASSWORD).await.is_signed_in());
    }
}

mod given_a_first_page {
    use super::*;

    #[tokio::test]
    async fn the_provider_is_offered_with_its_look() {
        let (server, _provider) = pair("type = \"GOOGLE\"").await;
        let page = server.client().begin().await;
        let way = page.answer.json()["remediation"]["value"].as_array().unwrap().last().cloned().unwrap();
        assert_eq!(
            way,
            json!({
                "name": "redirect-idp", "type": "GOOGLE", "method": "GET",
                "idp": { "id": "canal", "name": "Canal Union ID" },
                "href": format!("http://localhost:4401/sso/idps/canal?stateToken={}", page.state_handle),
            })
        );
    }

    #[tokio::test]
    async fn it_is_not_offered_to_people_of_other_clients_and_does_not_take_them() {
        let (server, _provider) = pair("clients = [\"other-spa\"]").await;
        let page = server.client().begin().await;
        assert!(!page.answer.remediations().contains(&"redirect-idp".to_owned()));
        let address = format!("/sso/idps/canal?stateToken={}", page.state_handle);
        assert_eq!(server.client().get(&address).await.status, StatusCode::NOT_FOUND);
    }

    #[tokio::test]
    async fn a_provider_that_is_only_a_factor_is_not_offered() {
        let (server, _provider) = pair("sign_in = false\nfactor = true").await;
        let page = server.client().begin().await;
        let address = format!("/sso/idps/canal?stateToken={}", page.state_handle);
        assert_eq!(server.client().get(&address).await.status, StatusCode::NOT_FOUND);
    }

    #[tokio::test]
    async fn an_address_that_leads_nowhere_is_told_on_a_page() {
        let (server, _provider) = pair("").await;
        let client = server.client();
        let handle = client.begin().await.state_handle;
        for (path, status) in [
            ("/sso/idps/canal".to_owned(), StatusCode::BAD_REQUEST),
            ("/sso/idps/canal?stateToken=nonsense".to_owned(), StatusCode::BAD_REQUEST),
            (format!("/sso/idps/canal?stateToken={handle}&stateToken={handle}"), StatusCode::BAD_REQUEST),
            ("/sso/idps/canal?stateToken=02.a~b~identify".to_owned(), StatusCode::GONE),
            (format!("/sso/idps/other?stateToken={handle}"), StatusCode::NOT_FOUND),
        ] {
            let answer = client.get(&path).await;
            assert_eq!(answer.status, status, "{path}");
            assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
            assert!(answer.headers.get("set-cookie").is_none());
        }
    }

    #[tokio::test]
    async fn a_page_that_has_moved_on_goes_on_at_the_client() {
        let (server, _provider) = pair("").await;
        let mut page = server.client().begin().await;
        let old = way_out(&page);
        page.identify(EMAIL).await;
        // The first page is over: nobody leaves from the next.
        assert_eq!(page.client.get(&old).await.status, StatusCode::NOT_FOUND);
    }
}

mod given_a_browser_that_leaves {
    use super::*;

    /// What a browser with this cookie is shown at this address.
    async fn open(client: &Client, cookie: &str, path: &str) -> Answer {
        client.with_header("cookie", cookie).get(path).await
    }

    /// The page that asks first, in a browser that did not begin the sign-in.
    async fn asked(page: &Conversation, cookie: &str) -> Answer {
        let answer = open(&page.client, cookie, &way_out(page)).await;
        assert_asks(&answer);
        answer
    }

    #[track_caller]
    fn assert_asks(answer: &Answer) {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert!(answer.text().contains("Demo app asks you to sign in with Canal Union ID."));
        assert!(answer.headers.get("location").is_none());
    }

    /// Where the link of that page leads.
    fn link(page: &Conversation, asked: &Answer) -> String {
        let text = asked.text();
        let (_, rest) = text.split_once("<a href=\"?").expect("a link");
        let query = rest.split_once('"').unwrap().0.replace("&amp;", "&");
        format!("{}?{query}", way_out(page).split_once('?').unwrap().0)
    }

    #[tokio::test]
    async fn where_it_has_begun_it_is_sent_on_at_once() {
        let (server, provider) = pair("").await;
        let page = server.client().begin().await;
        assert!(departure(&leave(&page).await).address.starts_with(&provider.issuer));
        // The next sign-in finds the cookie there and sets no other.
        let client = server.client().with_header("cookie", &page.cookie);
        let next = client.begin().await;
        assert_eq!(next.cookie, "");
        departure(&client.get(&way_out(&next)).await);
    }

    #[tokio::test]
    async fn another_is_asked_first_and_goes_on_by_the_link() {
        let (server, provider) = pair("").await;
        let page = server.client().begin().await;
        let stranger = server.client().begin().await.cookie;
        for cookie in ["", &stranger] {
            let asked = asked(&page, cookie).await;
            assert!(asked.header("set-cookie").contains("; Max-Age=600; Path=/; HttpOnly; SameSite=Lax"));
            let cookies = format!("{cookie}; {}", asked.cookie());
            let departure = departure(&open(&page.client, &cookies, &link(&page, &asked)).await);
            assert!(departure.address.starts_with(&provider.issuer));
        }
    }

    #[tokio::test]
    async fn the_link_works_in_no_other_browser() {
        let (server, _provider) = pair("").await;
        let page = server.client().begin().await;
        let link = link(&page, &asked(&page, "").await);
        let elsewhere = asked(&page, "").await.cookie();
        for cookie in ["", &elsewhere] {
            assert_asks(&open(&page.client, cookie, &link).await);
        }
    }

    #[tokio::test]
    async fn the_link_of_another_sign_in_or_a_changed_one_asks_again() {
        let (server, _provider) = pair("").await;
        let (page, other) = (server.client().begin().await, server.client().begin().await);
        let asked = asked(&page, "").await;
        let (cookie, link) = (asked.cookie(), link(&page, &asked));
        let (start, confirmation) = link.split_once("&confirmation=").unwrap();
        let first = if confirmation.starts_with('A') { "B" } else { "A" };
        for (path, confirmation) in [
            (start, format!("{first}{}", &confirmation[1..])),
            (start, String::new()),
            (&way_out(&other), confirmation.to_owned()),
        ] {
            let answer = open(&page.client, &cookie, &format!("{path}&confirmation={confirmation}")).await;
            assert_asks(&answer);
        }
        departure(&open(&page.client, &cookie, &link).await);
    }
}

mod given_a_browser_that_comes_back {
    use super::*;

    #[tokio::test]
    async fn with_a_no_the_client_is_told() {
        for (error, expected, description) in [
            ("access_denied", "access_denied", "You were not signed in at Canal Union ID."),
            ("login_required", "access_denied", "You were not signed in at Canal Union ID."),
            ("temporarily_unavailable", "temporarily_unavailable", NOT_REACHED),
            ("server_error", "temporarily_unavailable", NOT_REACHED),
        ] {
            let (server, _provider) = pair("").await;
            let page = server.client().begin().await;
            let departure = depart(&page).await;
            let params = [("error", error), ("error_description", "<script>alert(1)</script>")];
            let told = told(&come_back(&page.client, &departure, &params).await);
            assert_refused(&told, expected, description);
        }
    }

    #[tokio::test]
    async fn with_neither_yes_nor_no() {
        let (server, _provider) = pair("").await;
        let page = server.client().begin().await;
        let departure = depart(&page).await;
        assert_refused(&told(&come_back(&page.client, &departure, &[]).await), "server_error", NOT_ACCEPTED);
    }

    #[tokio::test]
    async fn a_second_time_nothing_comes_of_it() {
        let (server, provider) = pair("").await;
        let page = server.client().begin().await;
        let departure = depart(&page).await;
        let code = provider.approve(&departure, server.now_in_seconds());
        assert!(
            told(&come_back(&page.client, &departure, &[("code", &code)]).await)
                .contains_key("interaction_code")
        );
        let again = come_back(&page.client, &departure, &[("code", &code)]).await;
        assert_eq!(again.status, StatusCode::BAD_REQUEST);
        assert!(again.text().contains("This sign-in cannot go on here"));
    }

    #[tokio::test]
    async fn another_browser_with_the_address_gets_nowhere_and_disturbs_nobody() {
        let (server, provider) = pair("").await;
        let (page, other) = (server.client().begin().await, server.client().begin().await);
        let (departure, mut stranger) = (depart(&page).await, depart(&other).await);
        let code = provider.approve(&departure, server.now_in_seconds());
        // With its own cookie, with its own cookie under the right name, and without any.
        let (name, _) = departure.cookie.split_once('=').unwrap();
        let (_, value) = stranger.cookie.split_once('=').unwrap();
        let renamed = format!("{name}={value}");
        stranger.sent = departure.sent.clone();
        for cookie in [stranger.cookie.clone(), renamed, "a=b".to_owned()] {
            stranger.cookie = cookie;
            let answer = come_back(&other.client, &stranger, &[("code", &code)]).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        }
        assert!(
            told(&come_back(&page.client, &departure, &[("code", &code)]).await)
                .contains_key("interaction_code")
        );
    }

    #[tokio::test]
    async fn a_code_of_another_sign_in_is_not_taken() {
        let (server, provider) = pair("").await;
        let (page, victim) = (server.client().begin().await, server.client().begin().await);
        let (departure, of_victim) = (depart(&page).await, depart(&victim).await);
        let code = provider.approve(&of_victim, server.now_in_seconds());
        let told = told(&come_back(&page.client, &departure, &[("code", &code)]).await);
        assert_refused(&told, "server_error", NOT_ACCEPTED);
    }

    #[tokio::test]
    async fn too_late() {
        let (server, provider) = pair("").await;
        let page = server.client().begin().await;
        let departure = depart(&page).await;
        server.pass(Duration::from_secs(15 * 60));
        let code = provider.approve(&departure, server.now_in_seconds());
        assert_eq!(
            come_back(&page.client, &departure, &[("code", &code)]).await.status,
            StatusCode::BAD_REQUEST
        );
    }

    #[tokio::test]
    async fn to_a_sign_in_that_is_over() {
        let (server, provider) = pair_with_policy("[policy.lifetimes]\ntransaction = \"5m\"", "").await;
        let page = server.client().begin().await;
        let departure = depart(&page).await;
        server.pass(Duration::from_secs(5 * 60));
        let code = provider.approve(&departure, server.now_in_seconds());
        let answer = come_back(&page.client, &departure, &[("code", &code)]).await;
        assert_eq!(answer.status, StatusCode::GONE);
        assert!(answer.header("set-cookie").contains("Max-Age=0"));
    }

    #[tokio::test]
    async fn to_a_sign_in_that_was_begun_anew() {
        let (server, provider) = pair("").await;
        let mut page = server.client().begin().await;
        let departure = depart(&page).await;
        page.follow("cancel").await;
        let code = provider.approve(&departure, server.now_in_seconds());
        let answer = come_back(&page.client, &departure, &[("code", &code)]).await;
        assert_eq!(answer.status, StatusCode::GONE);
        assert_eq!(provider.script(|script| script.exchanged.clone()), None);
    }

    #[tokio::test]
    async fn after_a_restart_of_the_server() {
        let (server, provider) = pair("").await;
        let page = server.client().begin().await;
        let departure = depart(&page).await;
        let code = provider.approve(&departure, server.now_in_seconds());
        let server = server.restart().await;
        let told = told(&come_back(&server.client(), &departure, &[("code", &code)]).await);
        assert!(told.contains_key("interaction_code"));
    }

    #[tokio::test]
    async fn with_parameters_that_are_none_or_come_twice() {
        let (server, _provider) = pair("").await;
        let departure = depart(&server.client().begin().await).await;
        for params in [vec![("state", "another"), ("code", "x")], vec![("code", "x"), ("code", "y")]] {
            let answer = come_back(&server.client(), &departure, &params).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        }
        let path = "/oauth2/v1/authorize/callback";
        for query in ["", "?code=x", "?state=", "?state=unknown&code=x"] {
            assert_eq!(server.client().get(&format!("{path}{query}")).await.status, StatusCode::BAD_REQUEST);
        }
    }
}

#[tokio::test]
async fn nothing_in_the_database_lets_anybody_come_back() {
    let (server, _provider) = pair("").await;
    let departure = depart(&server.client().begin().await).await;
    server.close().await;
    let bytes = std::fs::read(server.folder.path().join("server.sqlite")).unwrap();
    let (_, value) = departure.cookie.split_once('=').unwrap();
    let (secret, _) = value.split_once(':').unwrap();
    for kept_secret in [departure.sent["state"].as_str(), departure.sent["nonce"].as_str(), secret] {
        assert!(!bytes.windows(kept_secret.len()).any(|window| window == kept_secret.as_bytes()));
    }
}

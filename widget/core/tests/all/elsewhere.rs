//! Sign-ins that are not all in one page: taken to another provider and back, or begun by the server.

use latchkey_core::{
    Config,
    io::{Method, Outcome, Returned},
    screen::ActionKind,
    secret::Secret,
};
use serde_json::json;

use super::dialogue::*;

mod given_a_way_back_from_another_provider {
    use super::*;

    const SAVED: &str = r#"{"codeVerifier":"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk","state":"s-1","nonce":"n-1","interactionHandle":"ih-1"}"#;

    fn back(state: &str, code: Option<&str>, error: Option<&str>) -> Dialogue {
        let returned = Returned {
            state: state.to_owned(),
            interaction_code: code.map(|code| Secret::new(code.to_owned())),
            error: error.map(str::to_owned),
            error_description: error.map(|error| format!("The provider said {error}.")),
        };
        Dialogue::returning(config(), Some(SAVED.to_owned()), Some(returned))
    }

    #[test]
    fn the_code_is_redeemed_with_the_saved_verifier() {
        let dialogue = back("s-1", Some("ic-1"), None);
        let (_, path, body) = dialogue.sent();
        assert_eq!(path, "/oauth2/default/v1/token");
        let body = body.as_str().unwrap();
        assert!(body.contains("interaction_code=ic-1"), "{body}");
        assert!(body.contains("code_verifier=dBjftJeZ4CVP"), "{body}");
    }

    #[test]
    fn what_is_still_to_be_done_is_asked_for() {
        let mut dialogue = back("s-1", None, Some("interaction_required"));
        assert_eq!(dialogue.sent().2, json!({"interactionHandle": "ih-1"}));
        dialogue.says(200, &identify());
        assert_eq!(dialogue.says_first(), "nothing");
    }

    #[test]
    fn a_refusal_is_said_above_the_form() {
        let mut dialogue = back("s-1", None, Some("access_denied"));
        dialogue.says(200, &identify());
        assert_eq!(dialogue.says_first(), "The provider said access_denied.");
    }

    #[test]
    fn an_address_that_somebody_else_has_made_changes_nothing() {
        let mut dialogue = back("s-2", Some("ic-1"), None);
        assert_eq!(dialogue.sent().2, json!({"interactionHandle": "ih-1"}));
        dialogue.says(200, &identify());
        assert_eq!(dialogue.says_first(), "nothing");
    }
}

mod given_a_page_of_the_server {
    use super::*;

    fn hosted() -> Dialogue {
        Dialogue::with(Config { state_token: Some("st-1".to_owned()), ..config() }, None)
    }

    #[test]
    fn the_transaction_that_the_server_began_is_asked_for() {
        let dialogue = hosted();
        assert_eq!(dialogue.sent(), (Method::Post, "/idp/idx/introspect", json!({"stateToken": "st-1"})));
        assert_eq!(dialogue.saved, None);
    }

    #[test]
    fn the_end_leads_away() {
        let mut dialogue = hosted();
        let href = "https://id.example.test/login/token/redirect?stateToken=st-1";
        dialogue.says(200, &idx(&[], json!({"success": {"name": "success-redirect", "href": href}})));
        assert_eq!(dialogue.navigated, [href]);
        assert!(matches!(dialogue.outcome, Some(Outcome::Redirected)));
    }

    #[test]
    fn cancelling_asks_the_server_where_to_begin_again() {
        let mut dialogue = hosted();
        dialogue.says(200, &password());
        dialogue.presses(&ActionKind::StartOver);
        assert_eq!(dialogue.sent().1, "/idp/idx/cancel");
        dialogue.says(200, &identify());
        assert!(dialogue.screen().field("identifier").is_some());
    }

    #[test]
    fn one_that_has_expired_is_said_so_and_begun_anew_with_the_page() {
        let mut dialogue = hosted();
        let gone =
            json!({"version": "1.0.0", "messages": messages("idx.session.expired", "Too late.", "ERROR")});
        dialogue.says(401, &gone);
        assert_eq!(dialogue.says_first(), "Too late.");
        dialogue.presses(&ActionKind::StartOver);
        assert_eq!(dialogue.navigated, [""]);
    }
}

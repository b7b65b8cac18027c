//! Controls and exhibits that only some steps have.

use latchkey_core::screen::{Awaiting, Exhibit, Fact, Grace, LinkKind, Scope};

use super::*;

fn telephone(has_extension: bool) -> Field {
    field("authenticator.phoneNumber", Purpose::Telephone, Control::Telephone { has_extension })
}

fn action(kind: ActionKind) -> Action {
    Action { kind, label: None, href: None, opens_tab: false, ready_at: None }
}

fn waiting(awaiting: Awaiting, exhibits: Vec<Exhibit>) -> Screen {
    Screen { form: None, exhibits, ..screen(40, Layout::Waiting(awaiting), Vec::new()) }
}

mod given_a_telephone_number {
    use super::*;

    #[wasm_bindgen_test]
    fn country_number_and_extension_are_sent_as_one() {
        let stage = Stage::with(screen(30, Layout::PhoneNumber, vec![telephone(true)]));
        let country = stage.one("select").unchecked_into::<web_sys::HtmlSelectElement>();
        assert!(country.length() > 200);
        country.set_value("41");
        stage.types("authenticator.phoneNumber", "044 668 18 00");
        stage.types("authenticator.phoneNumber.extension", "12");
        stage.submits();
        assert_eq!(stage.answer("authenticator.phoneNumber"), "+41446681800x12");
    }

    #[wasm_bindgen_test]
    async fn each_input_has_a_label_and_a_missing_number_is_said() {
        let stage = Stage::with(screen(31, Layout::PhoneNumber, vec![telephone(false)]));
        for control in stage.all("input, select") {
            assert!(!stage.text(&format!("label[for='{}']", control.id())).is_empty());
        }
        assert!(stage.all("[name$='.extension']").is_empty());
        stage.submits();
        tick().await;
        assert!(stage.sent.borrow().is_empty());
        assert_eq!(stage.text(".latchkey-alert a"), "Enter your phone number.");
    }

    #[wasm_bindgen_test]
    fn countries_are_named_and_in_order() {
        let country = field("userProfile.countryCode", Purpose::Country, Control::Country);
        let stage = Stage::with(screen(32, Layout::Profile, vec![country]));
        let names: Vec<_> =
            stage.all("option").iter().skip(1).filter_map(|option| option.text_content()).collect();
        let place = |name: &str| names.iter().position(|known| known == name).unwrap();
        assert!(place("Sweden") < place("Switzerland"));
        assert!(
            place("Åland Islands") < place("Albania"),
            "in the order of the alphabet, not of code points"
        );
        stage.one("select").unchecked_into::<web_sys::HtmlSelectElement>().set_value("CH");
        stage.submits();
        assert_eq!(stage.answer("userProfile.countryCode"), "CH");
    }
}

mod given_scopes {
    use super::*;

    #[wasm_bindgen_test]
    fn what_cannot_be_refused_is_ticked_and_not_sent_by_the_page() {
        let fixed = field("optedScopes.profile", Purpose::Other, Control::Checkbox);
        let fixed = Field { is_fixed: true, value: Some("true".into()), ..fixed };
        let free = field("optedScopes.rides", Purpose::Other, Control::Checkbox);
        let stage =
            Stage::with(screen(33, Layout::Generic, vec![fixed, Field { is_required: false, ..free }]));
        let input = stage.input("optedScopes.profile");
        assert!(input.checked() && input.disabled());
        stage.submits();
        assert_eq!(stage.answer("optedScopes.rides"), "Some(Flag(false))");
        assert_eq!(stage.answer("optedScopes.profile"), "None");
    }

    #[wasm_bindgen_test]
    fn they_are_listed_with_what_they_allow() {
        let scope = Scope { label: "Your rides".into(), description: Some("Where and when".into()) };
        let stage = Stage::with(waiting(Awaiting::Nothing, vec![Exhibit::Scopes(vec![scope])]));
        assert_eq!(stage.text(".latchkey-scopes__item"), "Your ridesWhere and when");
        assert_eq!(stage.text(".latchkey-scopes__detail"), "Where and when");
    }
}

mod given_things_to_look_at {
    use super::*;

    #[wasm_bindgen_test]
    async fn a_key_is_copied_and_the_button_says_so() {
        let stage = Stage::with(waiting(Awaiting::Scan, vec![Exhibit::SharedSecret("JBSWY3DP".into())]));
        let button = stage.one("button");
        assert_eq!(button.text_content().as_deref(), Some("Copy"));
        assert_eq!(stage.text(".latchkey-code"), "JBSW Y3DP");
        button.click();
        tick().await;
        assert!(matches!(&stage.sent.borrow()[0], Input::Copied { text } if text == "JBSWY3DP"));
        assert_eq!(button.text_content().as_deref(), Some("Copied"));
    }

    #[wasm_bindgen_test]
    fn facts_are_terms_with_values_and_pages_are_links() {
        let exhibits = vec![
            Exhibit::Fact(Fact::Browser, "Firefox".into()),
            Exhibit::Link(LinkKind::Terms, "https://example.test/terms".into()),
            Exhibit::QrCode("data:image/png;base64,AAAA".into()),
        ];
        let stage = Stage::with(waiting(Awaiting::Scan, exhibits));
        assert_eq!((stage.text("dt").as_str(), stage.text("dd").as_str()), ("Browser", "Firefox"));
        let link = stage.one("a").get_attribute("href");
        assert_eq!(link.as_deref(), Some("https://example.test/terms"));
        assert!(stage.one("img").get_attribute("alt").is_some_and(|alt| !alt.is_empty()));
    }
}

mod given_something_that_can_be_sent_again {
    use super::*;

    fn resend(ready_at: i64) -> Stage {
        let resend = Action { ready_at: Some(Timestamp(ready_at)), ..action(ActionKind::Resend) };
        Stage::with(Screen { actions: vec![resend], ..identify() })
    }

    #[wasm_bindgen_test]
    fn how_long_to_wait_is_counted_down() {
        let stage = resend(1_030);
        let button = stage.one(".latchkey-actions button");
        assert_eq!(button.text_content().as_deref(), Some("Send again in 30 seconds"));
        assert_eq!(button.get_attribute("aria-disabled").as_deref(), Some("true"));
    }

    #[wasm_bindgen_test]
    fn after_that_it_is_a_button_like_any_other() {
        let stage = resend(900);
        let button = stage.one(".latchkey-actions button");
        assert_eq!(button.text_content().as_deref(), Some("Send again"));
        assert!(!button.has_attribute("aria-disabled"));
    }
}

mod given_a_passkey {
    use super::*;

    fn passkey(name: &str) -> Screen {
        let key = Authenticator { key: "webauthn".into(), ..Authenticator::default() };
        let actions = vec![action(ActionKind::UsePasskey), action(ActionKind::VerifyOtherwise)];
        Screen {
            form: None,
            authenticator: Some(Authenticator { display_name: Some(name.into()), ..key }),
            actions,
            ..screen(50, Layout::Passkey, Vec::new())
        }
    }

    #[wasm_bindgen_test]
    async fn the_button_is_the_way_and_prompting_is_told() {
        let stage = Stage::with(passkey("Passkeys"));
        assert_eq!(stage.text(".latchkey-button--primary"), "Use passkey");
        stage.screen.update(|shown| shown.is_prompting = true);
        tick().await;
        let status = stage.text(".latchkey-card > [role=status]");
        assert_eq!(status, "Follow the steps that your browser shows you.");
    }

    #[wasm_bindgen_test]
    fn a_key_that_goes_by_another_name_is_called_by_it() {
        let stage = Stage::with(passkey("Blue key"));
        assert_eq!(stage.text("h2"), "Use Blue key");
        assert_eq!(stage.text(".latchkey-button--primary"), "Continue");
    }

    #[wasm_bindgen_test]
    fn browsers_are_told_where_they_may_be_offered() {
        let username = field("identifier", Purpose::Username, Control::Text);
        let username = Field { accepts_passkey: true, ..username };
        let stage = Stage::with(screen(51, Layout::Identify, vec![username]));
        let autocomplete = stage.input("identifier").get_attribute("autocomplete");
        assert_eq!(autocomplete.as_deref(), Some("username webauthn"));
    }
}

mod given_a_choice {
    use super::*;

    #[wasm_bindgen_test]
    fn what_may_be_put_off_says_for_how_long() {
        let pick = |grace| Pick { label: "Passkey".into(), authenticator: None, grace: Some(grace) };
        let until = Grace::Until("2030-01-31T12:00:00Z".into());
        let picks = vec![pick(Grace::SignIns(1)), pick(Grace::SignIns(3)), pick(until)];
        let choice = field("authenticator", Purpose::Other, Control::Pick(picks));
        let stage = Stage::with(screen(60, Layout::Generic, vec![choice]));
        let details: Vec<_> =
            stage.all(".latchkey-option__detail").iter().filter_map(|detail| detail.text_content()).collect();
        assert_eq!(details[0].trim(), "Needed after one more sign-in");
        assert_eq!(details[1].trim(), "Needed after 3 more sign-ins");
        assert!(details[2].contains("January 31, 2030"), "{}", details[2]);
    }

    #[wasm_bindgen_test]
    fn what_is_waited_for_is_not_left_by_the_big_button() {
        let approval = waiting(Awaiting::Approval, vec![Exhibit::Number("42".into())]);
        let stage = Stage::with(Screen { actions: vec![action(ActionKind::VerifyOtherwise)], ..approval });
        assert!(stage.all(".latchkey-button--primary").is_empty());
        assert_eq!(stage.text(".latchkey-waiting__number"), "42");
    }
}

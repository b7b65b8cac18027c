//! Screens and controls in a real browser: drawn, updated, operated and taken away.
#![cfg(target_arch = "wasm32")]

use std::{cell::RefCell, rc::Rc};

use latchkey_core::{
    Input, Screen,
    io::Answer,
    password::Rule,
    screen::{
        Action, ActionKind, Alternative, Authenticator, Choice, Control, Exhibit, Field, Form, Layout, Level,
        Matter, NewPassword, Notice, Pick, Purpose,
    },
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement, HtmlFormElement, HtmlInputElement};

use super::*;

mod steps;

wasm_bindgen_test_configure!(run_in_browser);

/// The time that every test takes place at.
fn clock() -> Timestamp {
    Timestamp(1_000)
}

/// A widget without a driver: the test is the driver.
struct Stage {
    host: HtmlElement,
    screen: RwSignal<Shown>,
    sent: Rc<RefCell<Vec<Input>>>,
    mounted: Option<Box<dyn std::any::Any>>,
    owner: Owner,
}

impl Stage {
    fn with(screen: Screen) -> Self {
        let document = web_sys::window().unwrap().document().unwrap();
        let host: HtmlElement = document.create_element("div").unwrap().dyn_into().unwrap();
        document.body().unwrap().append_child(&host).unwrap();
        let prefix = format!("stage{}", document.query_selector_all("section").unwrap().length());
        let (owner, sent): (_, Rc<RefCell<Vec<Input>>>) = (Owner::new(), Rc::default());
        let screen = owner.with(|| RwSignal::new(Shown::from(screen)));
        let heard = Rc::clone(&sent);
        let mounted = owner.with(|| {
            let send = Box::new(move |input| heard.borrow_mut().push(input));
            let ui = Ui::new(screen, prefix, Outward { send, now: clock });
            leptos::mount::mount_to_renderer(&host, move || shell(ui))
        });
        Self { host, screen, sent, mounted: Some(Box::new(mounted)), owner }
    }

    fn all(&self, selector: &str) -> Vec<Element> {
        let found = self.host.query_selector_all(selector).unwrap();
        (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect()
    }

    fn one(&self, selector: &str) -> HtmlElement {
        let found = self.host.query_selector(selector).unwrap();
        found.unwrap_or_else(|| panic!("no {selector} in {}", self.host.outer_html())).dyn_into().unwrap()
    }

    fn input(&self, name: &str) -> HtmlInputElement {
        self.one(&format!("[name='{name}']")).dyn_into().unwrap()
    }

    fn text(&self, selector: &str) -> String {
        self.one(selector).text_content().unwrap_or_default()
    }

    fn types(&self, name: &str, text: &str) {
        self.input(name).set_value(text);
        let init = web_sys::EventInit::new();
        init.set_bubbles(true);
        self.input(name)
            .dispatch_event(&web_sys::Event::new_with_event_init_dict("input", &init).unwrap())
            .unwrap();
    }

    fn submits(&self) {
        self.one("form").unchecked_into::<HtmlFormElement>().request_submit().unwrap();
    }

    /// The answer of the one form that was sent.
    fn answer(&self, name: &str) -> String {
        let sent = self.sent.borrow();
        let [Input::Answered { answers, .. }] = sent.as_slice() else { panic!("sent {sent:?}") };
        match answers.of(name) {
            Some(Answer::Text(text)) => text.expose().clone(),
            other => format!("{other:?}"),
        }
    }

    async fn shows(&self, screen: Screen) {
        self.screen.set(Shown::from(screen));
        tick().await;
    }

    /// The server is being asked.
    async fn waits(&self) {
        self.screen.update(|shown| shown.is_busy = true);
        tick().await;
    }

    fn unmount(&mut self) {
        self.mounted.take();
        self.owner.cleanup();
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.unmount();
        self.host.remove();
    }
}

/// Until the effects have drawn and the focus has moved.
async fn tick() {
    for _ in 0..2 {
        let waited = js_sys::Promise::new(&mut |resolve, _| {
            web_sys::window().unwrap().set_timeout_with_callback(&resolve).unwrap();
        });
        JsFuture::from(waited).await.unwrap();
    }
}

fn field(name: &str, purpose: Purpose, control: Control) -> Field {
    Field {
        name: name.to_owned(),
        label: None,
        purpose,
        control,
        is_required: true,
        min_length: None,
        max_length: None,
        value: None,
        hint: None,
        notices: Vec::new(),
        rules: Vec::new(),
        accepts_passkey: false,
        is_fixed: false,
    }
}

fn screen(id: u32, layout: Layout, fields: Vec<Field>) -> Screen {
    Screen {
        id: latchkey_core::screen::ScreenId(id),
        step: "step".to_owned(),
        layout,
        form: Some(Form { fields, submit_label: None }),
        ..Screen::default()
    }
}

fn identify() -> Screen {
    screen(1, Layout::Identify, vec![field("identifier", Purpose::Username, Control::Text)])
}

fn password() -> Screen {
    screen(
        2,
        Layout::Password,
        vec![field("credentials.passcode", Purpose::CurrentPassword, Control::Secret)],
    )
}

fn notice(level: Level, text: &str) -> Notice {
    Notice::own(level, Matter::Server { key: None, text: text.to_owned() })
}

mod given_a_screen {
    use super::*;

    #[wasm_bindgen_test]
    fn it_is_drawn_with_labelled_inputs() {
        let stage = Stage::with(identify());
        let input = stage.input("identifier");
        assert_eq!(stage.text(&format!("label[for='{}']", input.id())), "Username");
        assert_eq!(
            (stage.text("h2").as_str(), stage.text("button[type=submit]").as_str()),
            ("Sign in", "Next")
        );
        assert_eq!(input.get_attribute("autocomplete").as_deref(), Some("username"));
        assert_eq!(stage.one("section").get_attribute("aria-labelledby"), Some(stage.one("h2").id()));
    }

    #[wasm_bindgen_test]
    async fn another_one_takes_its_place_and_the_focus() {
        let stage = Stage::with(identify());
        tick().await;
        stage.shows(password()).await;
        assert!(stage.all("[name='identifier']").is_empty());
        let focused = web_sys::window().unwrap().document().unwrap().active_element().unwrap();
        assert_eq!(focused.text_content().as_deref(), Some("Enter your password"));
    }

    #[wasm_bindgen_test]
    async fn a_refusal_keeps_what_was_typed_and_is_wired_to_the_field() {
        let stage = Stage::with(identify());
        tick().await;
        stage.types("identifier", "pat");
        stage.waits().await;
        let mut refused = identify();
        refused.form.as_mut().unwrap().fields[0].notices = vec![notice(Level::Error, "Nobody of this name")];
        stage.shows(refused).await;
        let input = stage.input("identifier");
        assert_eq!(
            (input.value().as_str(), input.get_attribute("aria-invalid").as_deref()),
            ("pat", Some("true"))
        );
        let error = input.get_attribute("aria-describedby").unwrap();
        assert_eq!(stage.text(&format!("#{error}")), "Nobody of this name");
        let focused = web_sys::window().unwrap().document().unwrap().active_element().unwrap();
        assert_eq!(focused.get_attribute("role").as_deref(), Some("alert"));
    }

    #[wasm_bindgen_test]
    async fn busy_is_told_and_drawn() {
        let stage = Stage::with(identify());
        stage.waits().await;
        assert_eq!(stage.text(".latchkey-card > [role=status]"), "Please wait…");
        assert!(!stage.one(".latchkey-progress").has_attribute("hidden"));
        assert_eq!(stage.one("button[type=submit]").get_attribute("aria-disabled").as_deref(), Some("true"));
    }

    #[wasm_bindgen_test]
    fn nothing_known_yet_is_a_skeleton() {
        let stage = Stage::with(Screen::default());
        assert_eq!(stage.one("section").get_attribute("aria-busy").as_deref(), Some("true"));
        assert_eq!(stage.all(".latchkey-skeleton__line").len(), 4);
    }

    #[wasm_bindgen_test]
    async fn unmounting_leaves_nothing_and_hears_nothing() {
        let mut stage = Stage::with(identify());
        let form = stage.one("form");
        stage.unmount();
        assert_eq!(stage.host.child_element_count(), 0);
        stage.host.append_child(&form).unwrap();
        stage.input("identifier").set_value("pat");
        let listened = form.dispatch_event(&web_sys::Event::new("submit").unwrap()).unwrap();
        assert!(listened && stage.sent.borrow().is_empty());
    }

    #[wasm_bindgen_test]
    fn two_of_them_have_ids_of_their_own() {
        let (one, other) = (Stage::with(identify()), Stage::with(identify()));
        assert_ne!(one.input("identifier").id(), other.input("identifier").id());
    }
}

mod given_a_form {
    use super::*;

    #[wasm_bindgen_test]
    fn it_sends_what_is_in_the_inputs() {
        let stage = Stage::with(identify());
        stage.types("identifier", " pat@example.test ");
        stage.submits();
        assert_eq!(stage.answer("identifier"), "pat@example.test");
    }

    #[wasm_bindgen_test]
    async fn what_is_missing_is_said_and_nothing_is_sent() {
        let stage = Stage::with(identify());
        stage.submits();
        tick().await;
        assert!(stage.sent.borrow().is_empty());
        assert_eq!(stage.text(".latchkey-alert a"), "Enter your username.");
        stage.one(".latchkey-alert a").click();
        let focused = web_sys::window().unwrap().document().unwrap().active_element().unwrap();
        assert_eq!(focused.id(), stage.input("identifier").id());
    }

    #[wasm_bindgen_test]
    async fn trying_again_sends_it_as_it_is_now() {
        let unreachable = Screen {
            notices: vec![Notice::own(Level::Error, Matter::Unreachable)],
            actions: vec![Action {
                kind: ActionKind::TryAgain { with_form: true },
                label: None,
                href: None,
                opens_tab: false,
                ready_at: None,
            }],
            ..identify()
        };
        let stage = Stage::with(identify());
        stage.types("identifier", "pat");
        stage.shows(unreachable).await;
        stage.one(".latchkey-alert button").click();
        assert_eq!(stage.answer("identifier"), "pat");
    }

    #[wasm_bindgen_test]
    fn a_password_goes_through_untouched() {
        let stage = Stage::with(password());
        stage.types("credentials.passcode", "  ünïcode 🔑 ");
        stage.submits();
        assert_eq!(stage.answer("credentials.passcode"), "  ünïcode 🔑 ");
    }

    #[wasm_bindgen_test]
    fn a_code_may_be_typed_in_groups() {
        let code = field("credentials.passcode", Purpose::OneTimeCode, Control::Text);
        let stage = Stage::with(screen(3, Layout::Code, vec![code]));
        let input = stage.input("credentials.passcode");
        assert_eq!(input.get_attribute("autocomplete").as_deref(), Some("one-time-code"));
        assert_eq!(input.get_attribute("inputmode").as_deref(), Some("numeric"));
        stage.types("credentials.passcode", " 123-456 ");
        stage.submits();
        assert_eq!(stage.answer("credentials.passcode"), "123456");
    }
}

mod given_a_password {
    use super::*;

    #[wasm_bindgen_test]
    async fn it_is_shown_on_request_and_hidden_when_it_is_sent() {
        let stage = Stage::with(password());
        assert_eq!(stage.input("credentials.passcode").type_(), "password");
        let toggle = stage.one(".latchkey-reveal");
        assert_eq!(toggle.get_attribute("aria-label").as_deref(), Some("Show password"));
        toggle.click();
        tick().await;
        assert_eq!(stage.input("credentials.passcode").type_(), "text");
        assert_eq!(toggle.get_attribute("aria-label").as_deref(), Some("Hide password"));
        stage.types("credentials.passcode", "s3cret");
        stage.submits();
        tick().await;
        assert_eq!(stage.input("credentials.passcode").type_(), "password");
    }

    #[wasm_bindgen_test]
    async fn it_is_hidden_when_the_page_comes_back() {
        let stage = Stage::with(password());
        stage.one(".latchkey-reveal").click();
        tick().await;
        web_sys::window().unwrap().dispatch_event(&web_sys::Event::new("pageshow").unwrap()).unwrap();
        tick().await;
        assert_eq!(stage.input("credentials.passcode").type_(), "password");
    }

    #[wasm_bindgen_test]
    async fn the_rules_of_a_new_one_are_ticked_off_while_typing() {
        let mut new = field("credentials.passcode", Purpose::NewPassword, Control::Secret);
        new.rules = vec![Rule::MinLength(8), Rule::MinNumber(1), Rule::History(4)];
        let stage = Stage::with(screen(4, Layout::NewPassword(NewPassword::First), vec![new]));
        let met = |stage: &Stage| stage.all(".latchkey-rules__item--met").len();
        assert_eq!((met(&stage), stage.all(".latchkey-rules__item").len()), (0, 3));
        stage.types("credentials.passcode", "longer than eight");
        tick().await;
        assert_eq!(met(&stage), 1);
        stage.types("credentials.passcode", "longer than 8 indeed");
        tick().await;
        assert_eq!(met(&stage), 2);
        let described = stage.input("credentials.passcode").get_attribute("aria-describedby").unwrap();
        assert_eq!(described, stage.one(".latchkey-rules").id());
        assert_eq!(stage.text(".latchkey-rules__item"), "At least 8 characters, met");
    }

    #[wasm_bindgen_test]
    fn password_managers_are_told_whose_it_is() {
        let stage = Stage::with(Screen { person: Some("pat@example.test".into()), ..password() });
        let username = stage.one("[autocomplete=username]").unchecked_into::<HtmlInputElement>();
        assert_eq!((username.value().as_str(), username.hidden()), ("pat@example.test", true));
    }
}

mod given_choices {
    use super::*;

    #[wasm_bindgen_test]
    fn a_picked_authenticator_sends_its_position() {
        let pick = |label: &str, key: &str| Pick {
            grace: None,
            label: label.to_owned(),
            authenticator: Some(Authenticator {
                key: key.to_owned(),
                detail: Some("p***t".into()),
                ..Authenticator::default()
            }),
        };
        let picks = vec![pick("Password", "okta_password"), pick("Email", "okta_email")];
        let choice = field("authenticator", Purpose::Other, Control::Pick(picks));
        let stage = Stage::with(screen(5, Layout::Generic, vec![choice]));
        stage.one("[data-authenticator=okta_email]").click();
        assert_eq!(stage.answer("authenticator"), "Some(Choice(1))");
    }

    #[wasm_bindgen_test]
    async fn radios_lists_and_boxes_are_read() {
        let choices = vec![
            Choice { label: "SMS".into(), value: "sms".into() },
            Choice { label: "Call".into(), value: "voice".into() },
        ];
        let stage = Stage::with(screen(
            6,
            Layout::Generic,
            vec![
                field("method", Purpose::Other, Control::Radio(choices.clone())),
                field("country", Purpose::Country, Control::Select(choices)),
                Field { is_required: false, ..field("rememberMe", Purpose::RememberMe, Control::Checkbox) },
            ],
        ));
        stage.submits();
        tick().await;
        assert_eq!(stage.all(".latchkey-alert a").len(), 2, "both choices are missing");
        stage.one("[value=voice]").click();
        stage.one("select").unchecked_into::<web_sys::HtmlSelectElement>().set_value("sms");
        stage.one("[name=rememberMe]").click();
        stage.submits();
        assert_eq!((stage.answer("method").as_str(), stage.answer("country").as_str()), ("voice", "sms"));
        assert_eq!(stage.answer("rememberMe"), "Some(Flag(true))");
    }

    #[wasm_bindgen_test]
    async fn an_alternative_brings_its_own_fields() {
        let alternative = |label: &str, name: &str| Alternative {
            label: label.to_owned(),
            fields: vec![field(name, Purpose::Other, Control::Text)],
        };
        let alternatives = vec![alternative("Choose one", "chosen"), alternative("Write one", "own")];
        let stage = Stage::with(screen(
            7,
            Layout::Generic,
            vec![field("question", Purpose::Other, Control::Alternatives(alternatives))],
        ));
        assert_eq!((stage.all("[name=chosen]").len(), stage.all("[name=own]").len()), (1, 0));
        stage.all("[type=radio]")[1].clone().unchecked_into::<HtmlElement>().click();
        tick().await;
        assert_eq!((stage.all("[name=chosen]").len(), stage.all("[name=own]").len()), (0, 1));
        stage.types("own", "Which way?");
        stage.submits();
        assert_eq!(
            (stage.answer("own").as_str(), stage.answer("question").as_str()),
            ("Which way?", "Some(Choice(1))")
        );
    }
}

mod given_ways_on {
    use super::*;

    fn action(kind: ActionKind) -> Action {
        Action { kind, label: None, href: None, opens_tab: false, ready_at: None }
    }

    #[wasm_bindgen_test]
    async fn a_pressed_one_is_told_by_its_position() {
        let actions = vec![action(ActionKind::Recover), action(ActionKind::SignUp)];
        let stage = Stage::with(Screen { actions, ..identify() });
        let labels: Vec<_> =
            stage.all(".latchkey-actions button").iter().filter_map(|button| button.text_content()).collect();
        assert_eq!(labels, ["Forgot password?", "Sign up"]);
        stage.all(".latchkey-actions button")[1].clone().unchecked_into::<HtmlElement>().click();
        assert!(matches!(stage.sent.borrow()[0], Input::Pressed { action: ActionId(1), .. }));
    }

    #[wasm_bindgen_test]
    fn without_a_form_the_first_one_is_the_button() {
        let end = Screen {
            layout: Layout::Message,
            form: None,
            notices: vec![notice(Level::Info, "Check your e-mail.")],
            actions: vec![action(ActionKind::StartOver)],
            exhibits: vec![Exhibit::Code("482913".into())],
            ..identify()
        };
        let stage = Stage::with(end);
        assert_eq!(stage.text(".latchkey-button--primary"), "Back to sign in");
        assert_eq!(stage.text(".latchkey-code"), "482913");
        assert_eq!(stage.one(".latchkey-alert").get_attribute("role").as_deref(), Some("note"));
    }

    #[wasm_bindgen_test]
    fn server_text_is_text() {
        let hostile = "<img src=x onerror=alert(1)>";
        let stage = Stage::with(Screen { notices: vec![notice(Level::Error, hostile)], ..identify() });
        assert_eq!(stage.text(".latchkey-alert__text"), hostile);
        assert!(stage.all("img").is_empty());
    }
}

mod given_the_border_to_javascript {
    use super::*;
    use crate::api;

    const OPTIONS: &str =
        r#"{"issuer":"http://localhost:1/oauth2/default","clientId":"c","redirectUri":"http://localhost/"}"#;

    fn host() -> HtmlElement {
        let document = web_sys::window().unwrap().document().unwrap();
        document.create_element("div").unwrap().unchecked_into()
    }

    fn nobody() -> js_sys::Function {
        js_sys::Function::new_no_args("")
    }

    #[wasm_bindgen_test]
    async fn the_widget_mounts_updates_and_unmounts() {
        let host = host();
        let sign_in =
            api::start(host.clone(), OPTIONS, "", nobody(), nobody()).map_err(JsValue::from).unwrap();
        assert_eq!(host.query_selector_all("section").unwrap().length(), 1);
        sign_in.update(&OPTIONS.replace("\"c\"", "\"d\""), "").map_err(JsValue::from).unwrap();
        tick().await;
        assert_eq!(host.query_selector_all("section").unwrap().length(), 1);
        sign_in.unmount();
        sign_in.unmount();
        assert_eq!(host.child_element_count(), 0);
        assert!(sign_in.update(OPTIONS, "").is_ok(), "an update after the end does nothing");
    }

    #[wasm_bindgen_test]
    async fn other_words_are_spoken_from_the_start_and_whenever_they_change() {
        let host = host();
        // Whether it is loading still, or nobody answers already, is not asked.
        let said = || host.text_content().unwrap();
        let words = vec!["word"; 500].join("\0");
        let sign_in =
            api::start(host.clone(), OPTIONS, &words, nobody(), nobody()).map_err(JsValue::from).unwrap();
        assert!(said().contains("word"), "{}", said());
        sign_in.update(OPTIONS, "").map_err(JsValue::from).unwrap();
        tick().await;
        assert!(!said().is_empty() && !said().contains("word"), "{}", said());
        sign_in.unmount();
    }

    #[wasm_bindgen_test]
    fn an_option_that_cannot_be_is_named() {
        let refused = api::start(
            host(),
            r#"{"issuer":"nonsense","clientId":"c","redirectUri":"r"}"#,
            "",
            nobody(),
            nobody(),
        );
        let message = JsValue::from(refused.err().unwrap()).unchecked_into::<js_sys::Error>().message();
        assert_eq!(String::from(message), "option `issuer` cannot be used as it is");
    }
}

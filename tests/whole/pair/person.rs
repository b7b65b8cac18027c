//! What a person does on the page, and what the page says. Does by the core's screen what the widget's controls do:
//! only what is drawn can be filled in, and a value is sent as the field wants it.

use latchkey_core::{
    Input,
    io::{Answer, Answers},
    screen::{ActionId, ActionKind, Control, Field, Layout, Matter, Notice, Shown},
    secret::Secret,
};

use super::Pair;

impl Pair {
    /// What the person sees.
    pub(crate) fn screen(&self) -> &Shown {
        &self.screen
    }

    pub(crate) fn layout(&self) -> Layout {
        self.screen.layout
    }

    /// One field of the form.
    pub(crate) fn field(&self, name: &str) -> &Field {
        self.screen.field(name).unwrap_or_else(|| panic!("no field `{name}` on {:?}", self.screen))
    }

    /// What the page says about the whole, in short words.
    pub(crate) fn says(&self) -> Vec<String> {
        self.screen.notices.iter().map(told).collect()
    }

    /// What the page says about one field.
    pub(crate) fn says_at(&self, name: &str) -> Vec<String> {
        self.field(name).notices.iter().map(told).collect()
    }

    /// Fills in one field and sends the form.
    pub(crate) fn types(&mut self, name: &str, text: &str) {
        self.fills(name, text);
        self.submits();
    }

    /// Fills in one field.
    pub(crate) fn fills(&mut self, name: &str, text: &str) {
        let field = self.field(name);
        assert!(matches!(field.control, Control::Text | Control::Secret), "`{name}` is not typed");
        if field.control == Control::Secret {
            self.secrets.push(text.to_owned());
        }
        self.filled.insert(name.to_owned(), Answer::Text(Secret::new(text.to_owned())));
    }

    /// Ticks a box.
    pub(crate) fn ticks(&mut self, name: &str) {
        assert_eq!(self.field(name).control, Control::Checkbox);
        self.filled.insert(name.to_owned(), Answer::Flag(true));
    }

    /// Picks one of the ways in a field, which sends the form.
    pub(crate) fn picks(&mut self, name: &str, label: &str) {
        let Control::Pick(picks) = &self.field(name).control else { panic!("`{name}` is not picked from") };
        let position = picks.iter().position(|pick| pick.label == label);
        let position = position.unwrap_or_else(|| panic!("no `{label}` in {picks:?}"));
        self.filled.insert(name.to_owned(), Answer::Choice(position));
        self.submits();
    }

    /// Sends the form with what is in it now.
    pub(crate) fn submits(&mut self) {
        let mut answers = Answers::new();
        for field in self.screen.fields() {
            if let Some(answer) = self.answer(field) {
                answers.put(&field.name, answer);
            }
        }
        let screen = self.screen.id;
        self.feed(Input::Answered { screen, answers });
    }

    /// Presses a link or button beside the form, as soon as it lets itself be pressed.
    pub(crate) fn presses(&mut self, kind: ActionKind) {
        let position = self.screen.actions.iter().position(|action| action.kind == kind);
        let position = position.unwrap_or_else(|| panic!("no {kind:?} in {:?}", self.screen.actions));
        // This one is drawn as a button of the form itself.
        if kind == (ActionKind::TryAgain { with_form: true }) {
            return self.submits();
        }
        let ready_at = self.screen.actions.get(position).and_then(|action| action.ready_at);
        if let Some(wait) = ready_at.map(|ready_at| ready_at.0 - self.now().0).filter(|wait| *wait > 0) {
            self.advance(wait);
        }
        let screen = self.screen.id;
        self.feed(Input::Pressed { screen, action: ActionId(position) });
    }

    pub(crate) fn can_press(&self, kind: ActionKind) -> bool {
        self.screen.actions.iter().any(|action| action.kind == kind)
    }

    /// Signs in with user name and password, each on its page.
    pub(crate) fn signs_in(&mut self, identifier: &str, password: &str) {
        self.types("identifier", identifier);
        self.types(super::PASSCODE, password);
    }

    /// Reads the code in the mail that came last.
    pub(crate) fn code_from_mail(&self) -> String {
        let mails = self.world.mails();
        let code = mails.first().and_then(|mail| mail["code"].as_str());
        code.expect("a mail with a code").to_owned()
    }

    fn answer(&self, field: &Field) -> Option<Answer> {
        let filled = self.filled.get(&field.name);
        match &field.control {
            Control::Checkbox => Some(Answer::Flag(filled.is_some())),
            Control::Pick(_) => match filled {
                Some(Answer::Choice(position)) => Some(Answer::Choice(*position)),
                _ => None,
            },
            Control::Text | Control::Secret => {
                let typed = match filled {
                    Some(Answer::Text(text)) => text.expose().clone(),
                    _ => field.value.clone().unwrap_or_default(),
                };
                let value = field.normalized(typed);
                let complaint = field.complaint(&value);
                assert_eq!(complaint, None, "the page would not send `{}`", field.name);
                Some(Answer::Text(Secret::new(value)))
            }
            Control::Telephone { .. }
            | Control::Country
            | Control::Radio(_)
            | Control::Select(_)
            | Control::Alternatives(_) => {
                panic!("this server does not ask for `{}`", field.name)
            }
        }
    }
}

fn told(notice: &Notice) -> String {
    match &notice.matter {
        Matter::Server { text, .. } => text.clone(),
        own => format!("{own:?}"),
    }
}

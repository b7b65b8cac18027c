//! The dialogue with the server: an answer becomes a screen, what the person does becomes the next request.

use std::mem;

use super::{Flow, Phase, StartAt, Transaction};
use crate::{
    error::{Error, ServerError},
    idx::{self, Answer, Automatic, ION, Job, Press, Refusal, Setting, Terminal, View},
    io::{Answers, Body, Method, Outcome, Output, Request, Response, TaskKind},
    json_text,
    screen::{ActionId, ActionKind, Level, Matter, Notice, Purpose, Screen},
    secret::Secret,
    web_address,
};

/// A screen is shown; this is what it was drawn from.
#[derive(Debug)]
pub(super) struct Conversation {
    pub(super) transaction: Transaction,
    answer: Answer,
    /// Which of its forms is open.
    open: usize,
    /// What was drawn; the screen itself has been shown and is no longer in it.
    pub(super) view: View,
    /// What is under way, if anything.
    asked: Option<Asked>,
    /// How many polls in a row have failed.
    failed_polls: u32,
}

/// What a request was for.
#[derive(Debug, Clone)]
enum Asked {
    /// The form, with what was typed; not kept here.
    Form,
    /// A form that asks nothing.
    Action(idx::Sendable),
    /// The waiting form, by itself.
    Poll,
}

/// Seconds until something that was sent may be sent again (idx.md section 13.2).
const RESEND_PAUSE: u32 = 30;

/// Milliseconds to wait after a 429 while polling (idx.md section 13.1).
const POLL_PAUSE: u32 = 60_000;
const LONGEST_POLL_PAUSE: u32 = 32_000;

impl Flow {
    /// A whole IDX answer, whatever its status.
    pub(super) fn take_answer(
        &mut self,
        transaction: Transaction,
        answer: Answer,
        response: &Response,
        is_poll: bool,
    ) {
        if answer.is_expired() {
            return self.expired(&answer);
        }
        let has_messages = !answer.messages.is_empty();
        if answer.terminal.is_some() {
            self.give_up_task();
        }
        match answer.terminal {
            Some(Terminal::InteractionCode(code)) => self.redeem(transaction, code),
            // Embedded in a page, a failure that says why is better read here (idx.md section 18).
            Some(Terminal::Redirect { href, is_failure }) if !(is_failure && has_messages) => {
                self.leave(href)
            }
            Some(Terminal::Redirect { .. }) | None => self.converse(transaction, answer, response, is_poll),
        }
    }

    fn converse(&mut self, transaction: Transaction, answer: Answer, response: &Response, is_poll: bool) {
        let mut view = match View::draw(&answer, 0, self.setting()) {
            Ok(view) => view,
            Err(error) => return self.stop(error, response.request_id.clone(), Matter::Refused),
        };
        for error in view.refused.drain(..) {
            self.report(error, response.request_id.clone());
        }
        if let (429, Some(_)) = (response.status, response.retry_after) {
            view.screen.notices =
                vec![Notice::own(Level::Error, Matter::TooMany { seconds: response.retry_after })];
        }
        if is_poll && is_same_place(&self.screen, &view.screen) {
            keep_notices(&self.screen, &mut view.screen);
        }
        let is_first = self.screen.step.is_empty();
        if answer.remediations.is_empty() {
            self.outputs.push(Output::Forget);
        } else if let Some(notice) = self.pending_notice.take() {
            view.screen.notices.insert(0, notice);
        }
        if mem::take(&mut self.is_resending) && response.status == 200 {
            self.resend_at = self.now.plus(RESEND_PAUSE);
            if view.screen.notices.is_empty() {
                view.screen.notices.push(Notice::own(Level::Success, Matter::SentAgain));
            }
        }
        // One way on, out of the page, and nothing to read: there is nothing to decide. Not at the very first, where
        // the person may have come back from there just now (idx.md section 7).
        if let (false, true, [way]) =
            (is_first, view.screen.notices.is_empty(), answer.remediations.as_slice())
            && let ("redirect-idp", [Press::Leave(href), ..]) = (way.name.as_str(), view.presses.as_slice())
        {
            view.automatic = Some(Automatic::Leave(href.clone()));
        }
        let conversation =
            Box::new(Conversation { transaction, answer, open: 0, view, asked: None, failed_polls: 0 });
        self.show_conversation(conversation);
        if is_first {
            self.go_where_the_page_wants();
        }
    }

    /// Asks again where the transaction stands, unless it has come to its end.
    pub(super) fn refresh(&mut self) {
        match mem::take(&mut self.phase) {
            Phase::Conversing(conversation) if !conversation.answer.remediations.is_empty() => {
                self.introspect(conversation.transaction)
            }
            other => self.phase = other,
        }
    }

    fn setting(&self) -> Setting<'_> {
        Setting { issuer_origin: self.config.origin(), username: self.username.as_deref() }
    }

    fn show_conversation(&mut self, mut conversation: Box<Conversation>) {
        let mut screen = mem::take(&mut conversation.view.screen);
        if is_same_place(&self.screen, &screen) {
            screen.id = self.screen.id;
        } else {
            screen.id = self.new_screen_id();
            self.prepare(&conversation.view.presses, &screen);
            self.resend_at = self.now.plus(RESEND_PAUSE);
            self.give_up_task();
        }
        let is_rejected =
            conversation.answer.remediations.first().is_some_and(|first| first.name == "resend");
        for action in &mut screen.actions {
            let has_to_wait = action.kind == ActionKind::Resend && !is_rejected;
            action.ready_at = has_to_wait.then_some(self.resend_at);
        }
        self.show(screen);
        self.set_poll_timer(&conversation, None);
        self.go_alone(conversation);
    }

    /// Begins at registration or recovery where the page asked for it and the server offers it.
    fn go_where_the_page_wants(&mut self) {
        let wanted = match self.config.start_at {
            StartAt::Login => return,
            StartAt::Signup => ActionKind::SignUp,
            StartAt::ResetPassword => ActionKind::Recover,
            StartAt::UnlockAccount => ActionKind::Unlock,
        };
        if let Some(index) = self.screen.actions.iter().position(|action| action.kind == wanted) {
            self.pressed(ActionId(index));
        }
    }

    pub(super) fn answer_form(&mut self, conversation: Box<Conversation>, answers: Answers) {
        let Some(form) = conversation.view.form.clone() else {
            self.phase = Phase::Conversing(conversation);
            return;
        };
        let shown = self.screen.clone();
        let username = shown.fields().into_iter().find(|field| field.purpose == Purpose::Username);
        if let Some(typed) = username.and_then(|field| answers.text(&field.name)) {
            self.username = Some(typed.to_owned());
        }
        self.steps_alone = 0;
        if let Some(argument) = conversation.view.captcha.clone() {
            self.phase = Phase::Conversing(conversation);
            return self.begin(Job { kind: TaskKind::Captcha, argument, form: Some(form) }, answers);
        }
        self.send_form(conversation, &form, &answers);
    }

    /// Sends what was typed, or what the browser has come up with.
    pub(super) fn send_form(
        &mut self,
        mut conversation: Box<Conversation>,
        form: &idx::Sendable,
        answers: &Answers,
    ) {
        self.give_up_task();
        self.send(form, answers);
        conversation.asked = Some(Asked::Form);
        self.wait_in(conversation);
    }

    /// Sends a form that asks nothing.
    pub(super) fn send_action(&mut self, conversation: Box<Conversation>, form: idx::Sendable) {
        self.send(&form, &Answers::new());
        self.wait_for_action(conversation, form);
    }

    pub(super) fn wait_for_action(&mut self, mut conversation: Box<Conversation>, form: idx::Sendable) {
        conversation.asked = Some(Asked::Action(form));
        self.wait_in(conversation);
    }

    pub(super) fn press(&mut self, conversation: Box<Conversation>, action: ActionId) {
        self.steps_alone = 0;
        let pressed = self.screen.actions.get(action.0);
        if pressed.is_some_and(|action| action.ready_at.is_some_and(|ready_at| self.now < ready_at)) {
            self.phase = Phase::Conversing(conversation);
            return;
        }
        self.is_resending = pressed.is_some_and(|action| action.kind == ActionKind::Resend);
        match conversation.view.presses.get(action.0).cloned() {
            Some(Press::Send(form)) => {
                self.give_up_task();
                self.send_action(conversation, form);
            }
            Some(Press::Perform(job)) => {
                self.phase = Phase::Conversing(conversation);
                self.begin(*job, Answers::new());
            }
            Some(Press::Open(index)) => self.open(conversation, index),
            Some(Press::Leave(href)) => {
                self.phase = Phase::Conversing(conversation);
                self.outputs.push(Output::Navigate { href });
            }
            Some(Press::StartOver(cancel)) => self.cancel(conversation, cancel),
            Some(Press::Resubmit) | None => self.phase = Phase::Conversing(conversation),
        }
    }

    /// Another form of the same answer; the server need not be asked.
    fn open(&mut self, mut conversation: Box<Conversation>, index: usize) {
        match View::draw(&conversation.answer, index, self.setting()) {
            Ok(mut view) => {
                // What was said about the first form is not about this one.
                view.screen.notices.clear();
                conversation.view = view;
                conversation.open = index;
                self.show_conversation(conversation);
            }
            Err(error) => self.stop(error, None, Matter::Refused),
        }
    }

    /// The server is told, but nobody waits for it: a new transaction needs nothing of the old one. Where the server
    /// began it, the server says where it begins again.
    fn cancel(&mut self, conversation: Box<Conversation>, form: Option<idx::Sendable>) {
        if self.config.state_token.is_some()
            && let Some(form) = form
        {
            self.give_up_task();
            return self.send_action(conversation, form);
        }
        if let Some(form) = form {
            let id = self.next_id();
            let body = json_body(json_text(&idx::body(&form.form, &Answers::new())));
            let (accept, url) = (accept_of(&form), form.url);
            self.outputs.push(Output::Notify(Request {
                id,
                method: Method::Post,
                url,
                accept,
                body,
                has_cookies: true,
                is_fresh: false,
            }));
        }
        self.start_over();
    }

    fn send(&mut self, form: &idx::Sendable, answers: &Answers) {
        self.send_body(form, json_text(&idx::body(&form.form, answers)));
    }

    pub(super) fn send_body(&mut self, form: &idx::Sendable, text: String) {
        self.ask(Method::Post, form.url.clone(), &accept_of(form), json_body(text));
    }

    fn wait_in(&mut self, conversation: Box<Conversation>) {
        self.phase = Phase::Conversing(conversation);
        self.show_busy(true);
    }

    pub(super) fn poll(&mut self) {
        let Phase::Conversing(conversation) = &mut self.phase else { return };
        let Some((form, _)) = conversation.answer.poll() else { return };
        let Ok(form) = idx::sendable(form, self.config.origin()) else { return };
        conversation.asked = Some(Asked::Poll);
        self.send(&form, &Answers::new());
    }

    fn set_poll_timer(&mut self, conversation: &Conversation, pause: Option<u32>) {
        let Some((_, interval)) = conversation.answer.poll() else { return };
        let timer = self.next_id();
        self.timer = Some(timer);
        self.outputs.push(Output::SetTimer { timer, after: pause.unwrap_or(interval) });
    }

    pub(super) fn conversed(&mut self, conversation: Box<Conversation>, response: &Response) {
        let is_poll = matches!(conversation.asked, Some(Asked::Poll));
        if is_poll && response.status == 429 {
            return self.poll_later(
                conversation,
                response.retry_after.map_or(POLL_PAUSE, |seconds| seconds.saturating_mul(1_000)),
            );
        }
        match Answer::read(response.body.expose()) {
            // A refusal without any way on would take the form away, and with it what was typed.
            Some(answer) if response.status == 429 && answer.remediations.is_empty() => {
                self.refused(conversation, Refusal::read(response).notice);
            }
            Some(answer) => self.take_answer(conversation.transaction, answer, response, is_poll),
            None if is_poll => self.poll_failed(conversation),
            None => {
                let error = Error::Server(ServerError::Unreadable { status: response.status });
                self.report(error, response.request_id.clone());
                self.refused(conversation, Refusal::read(response).notice);
            }
        }
    }

    pub(super) fn conversation_failed(&mut self, conversation: Box<Conversation>, error: Error) {
        if matches!(conversation.asked, Some(Asked::Poll)) {
            return self.poll_failed(conversation);
        }
        self.report(error, None);
        self.refused(conversation, Notice::own(Level::Error, Matter::Unreachable));
    }

    /// One failed poll says nothing yet: asks again, later each time.
    fn poll_failed(&mut self, mut conversation: Box<Conversation>) {
        conversation.failed_polls += 1;
        let interval = conversation.answer.poll().map_or(0, |(_, interval)| interval);
        let pause = interval.saturating_mul(1 << conversation.failed_polls.min(5)).min(LONGEST_POLL_PAUSE);
        self.poll_later(conversation, pause);
    }

    fn poll_later(&mut self, mut conversation: Box<Conversation>, pause: u32) {
        conversation.asked = None;
        self.set_poll_timer(&conversation, Some(pause));
        self.phase = Phase::Conversing(conversation);
    }

    /// The screen stays with what was typed, and says what happened.
    pub(super) fn refused(&mut self, mut conversation: Box<Conversation>, notice: Notice) {
        // It was drawn from the same answer before; what could not be drawn then is not here now.
        let Ok(mut view) = View::draw(&conversation.answer, conversation.open, self.setting()) else {
            return;
        };
        if matches!(notice.matter, Matter::Unreachable | Matter::ServerFailed) {
            let (with_form, press) = match conversation.asked.take() {
                Some(Asked::Action(form)) => (false, Press::Send(form)),
                Some(Asked::Form | Asked::Poll) | None => (true, Press::Resubmit),
            };
            view.add(ActionKind::TryAgain { with_form }, None, press);
        }
        view.screen.notices = vec![notice];
        conversation.view = view;
        self.show_conversation(conversation);
    }

    fn leave(&mut self, href: String) {
        if !web_address::is_navigable(&href) {
            return self.stop(Error::Server(ServerError::ForbiddenRedirect), None, Matter::Refused);
        }
        self.outputs.extend([
            Output::Forget,
            Output::Navigate { href },
            Output::Finish(Box::new(Outcome::Redirected)),
        ]);
        self.phase = Phase::Ended;
    }
}

fn accept_of(form: &idx::Sendable) -> String {
    form.form.accepts.clone().unwrap_or_else(|| ION.to_owned())
}

fn json_body(text: String) -> Body {
    Body::Json { content_type: "application/json", text: Secret::new(text) }
}

/// The same form of the same authenticator: what was typed into it stays.
fn is_same_place(old: &Screen, new: &Screen) -> bool {
    old.step == new.step
        && old.layout == new.layout
        && old.authenticator == new.authenticator
        && names(old) == names(new)
}

fn names(screen: &Screen) -> Vec<&str> {
    screen.fields().into_iter().map(|field| field.name.as_str()).collect()
}

/// A poll that brings nothing new must not wipe away what the last answer said.
fn keep_notices(old: &Screen, new: &mut Screen) {
    if new.notices.is_empty() {
        new.notices.clone_from(&old.notices);
    }
    let fields =
        new.form.iter_mut().flat_map(|form| &mut form.fields).filter(|field| field.notices.is_empty());
    for field in fields {
        field.notices = old.field(&field.name).map(|field| field.notices.clone()).unwrap_or_default();
    }
}

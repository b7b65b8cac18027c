//! What the browser does beside requests: passkeys, the probe of this device, proofs that there is a person. At most one
//! at a time; it is given up when the person goes another way or another screen comes.

use serde_json::Value;

use super::{Flow, Phase, conversation::Conversation};
use crate::{
    error::{Error, SetupError},
    idx::{self, Automatic, Job, Press},
    io::{Answer as Typed, Answers, Output, RequestId, Task, TaskKind},
    json_text,
    screen::{Exhibit, Level, Matter, Notice, PasskeyTrouble, Screen},
    secret::Secret,
};

/// A task under way.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) id: RequestId,
    kind: TaskKind,
    /// Where its result goes.
    form: Option<idx::Sendable>,
    /// What was typed into the form before it was asked for.
    answers: Answers,
}

/// More than this without anybody doing anything is going round in circles.
const MOST_STEPS_ALONE: u8 = 4;

impl Flow {
    /// Does what nobody has to press. A device is probed once for each screen; passkeys are offered again and again.
    pub(super) fn go_alone(&mut self, conversation: Box<Conversation>) {
        let automatic = conversation.view.automatic.clone().filter(|_| self.task.is_none());
        match automatic {
            Some(Automatic::Perform(job)) => {
                let is_done = job.kind == TaskKind::Probe
                    && self.probed.replace(self.screen.id) == Some(self.screen.id);
                self.phase = Phase::Conversing(conversation);
                if !is_done {
                    self.begin(job, Answers::new());
                }
            }
            Some(Automatic::Send(form)) if self.steps_alone < MOST_STEPS_ALONE => {
                self.steps_alone += 1;
                self.send_action(conversation, form);
            }
            Some(Automatic::Leave(href)) if self.steps_alone < MOST_STEPS_ALONE => {
                self.steps_alone += 1;
                self.outputs.push(Output::Navigate { href });
                self.phase = Phase::Conversing(conversation);
            }
            Some(Automatic::Send(_) | Automatic::Leave(_)) | None => {
                self.phase = Phase::Conversing(conversation)
            }
        }
    }

    /// What a press will need is fetched when the button is drawn.
    pub(super) fn prepare(&mut self, presses: &[Press], screen: &Screen) {
        let is_task = |press: &Press| matches!(press, Press::Perform(_));
        let is_copied = |exhibit: &Exhibit| matches!(exhibit, Exhibit::SharedSecret(_));
        if presses.iter().any(is_task) || screen.exhibits.iter().any(is_copied) {
            self.outputs.push(Output::Prepare);
        }
    }

    /// Begins a task; the one before it is given up.
    pub(super) fn begin(&mut self, job: Job, answers: Answers) {
        self.give_up_task();
        let id = self.next_id();
        let Job { kind, argument, form } = job;
        self.task = Some(Running { id, kind, form, answers });
        self.outputs.push(Output::Begin(Task { id, kind, argument }));
        self.show_prompting();
    }

    pub(super) fn give_up_task(&mut self) {
        if let Some(task) = self.task.take() {
            self.outputs.push(Output::Abort(task.id));
            self.show_prompting();
        }
    }

    /// Whether the person is asked something; an offer and a probe ask nothing.
    pub(super) fn is_prompting(&self) -> bool {
        let is_quiet = |task: &Running| matches!(task.kind, TaskKind::OfferPasskeys | TaskKind::Probe);
        self.task.as_ref().is_some_and(|task| !is_quiet(task))
    }

    fn show_prompting(&mut self) {
        let is_prompting = self.is_prompting();
        if self.screen.is_prompting != is_prompting {
            self.screen.is_prompting = is_prompting;
            self.show_again();
        }
    }

    pub(super) fn task_done(&mut self, id: RequestId, result: &str) {
        let Some(task) = self.task.take_if(|task| task.id == id) else { return };
        self.show_prompting();
        let Phase::Conversing(conversation) = std::mem::take(&mut self.phase) else { return };
        let result: Value = serde_json::from_str(result).unwrap_or(Value::Null);
        match result.get("value").filter(|value| !value.is_null()) {
            Some(value) => self.task_succeeded(conversation, task, value),
            None => self.task_failed(conversation, task, &result),
        }
    }

    fn task_succeeded(&mut self, conversation: Box<Conversation>, task: Running, value: &Value) {
        let Running { kind, form, mut answers, .. } = task;
        let text = || Typed::Text(Secret::new(value.as_str().unwrap_or_default().to_owned()));
        match kind {
            TaskKind::Probe => {
                self.phase = Phase::Conversing(conversation);
                return self.poll();
            }
            TaskKind::Captcha => answers.put("captchaVerify.captchaToken", text()),
            TaskKind::Duo => answers.put("credentials.signatureData", text()),
            TaskKind::CreatePasskey | TaskKind::UsePasskey | TaskKind::OfferPasskeys => {
                let Some(found) = idx::passkey_answers(kind, value) else {
                    return self.passkey_failed(conversation, PasskeyTrouble::Failed);
                };
                if kind == TaskKind::OfferPasskeys && found.of("credentials.userHandle").is_none() {
                    return self.passkey_failed(conversation, PasskeyTrouble::Nameless);
                }
                answers = found;
            }
        }
        match form {
            Some(form) => self.send_form(conversation, &form, &answers),
            None => self.phase = Phase::Conversing(conversation),
        }
    }

    fn task_failed(&mut self, conversation: Box<Conversation>, task: Running, result: &Value) {
        let name = result.get("error").and_then(Value::as_str).unwrap_or_default();
        match task.kind {
            TaskKind::Probe => self.give_up_probe(conversation, task.form, result),
            // Nobody asked for it, so nobody is told that it did not happen.
            TaskKind::OfferPasskeys => {
                if name == "SecurityError" {
                    self.report(Error::Setup(SetupError::PasskeyPlace), None);
                }
                self.phase = Phase::Conversing(conversation);
            }
            TaskKind::CreatePasskey | TaskKind::UsePasskey => {
                let trouble = match name {
                    "NotAllowedError" | "AbortError" => PasskeyTrouble::Cancelled,
                    "InvalidStateError" => PasskeyTrouble::AlreadyThere,
                    "SecurityError" => PasskeyTrouble::WrongPlace,
                    "Unsupported" | "NotSupportedError" | "ConstraintError" => PasskeyTrouble::Unsupported,
                    _ => PasskeyTrouble::Failed,
                };
                if trouble == PasskeyTrouble::WrongPlace {
                    self.report(Error::Setup(SetupError::PasskeyPlace), None);
                }
                self.passkey_failed(conversation, trouble);
            }
            TaskKind::Captcha | TaskKind::Duo => {
                self.refused(conversation, Notice::own(Level::Error, Matter::PromptFailed));
            }
        }
    }

    fn passkey_failed(&mut self, conversation: Box<Conversation>, trouble: PasskeyTrouble) {
        self.refused(conversation, Notice::own(Level::Error, Matter::Passkey(trouble)));
    }

    /// The server is told why the app was not reached, and offers another way.
    fn give_up_probe(
        &mut self,
        conversation: Box<Conversation>,
        form: Option<idx::Sendable>,
        result: &Value,
    ) {
        let Some(form) = form else {
            self.phase = Phase::Conversing(conversation);
            return;
        };
        let mut body = idx::body(&form.form, &Answers::new());
        if let Value::Object(members) = &mut body {
            members.insert("reason".to_owned(), reason(result).into());
            members.insert("statusCode".to_owned(), result.get("status").cloned().unwrap_or_default());
        }
        self.send_body(&form, json_text(&body));
        self.wait_for_action(conversation, form);
    }
}

/// The protocol has two words; whatever else went wrong, the app was not reached.
fn reason(result: &Value) -> &'static str {
    const RETURNED_ERROR: &str = "OV_RETURNED_ERROR";
    match result.get("error").and_then(Value::as_str) {
        Some(RETURNED_ERROR) => RETURNED_ERROR,
        _ => "OV_UNREACHABLE_BY_LOOPBACK",
    }
}

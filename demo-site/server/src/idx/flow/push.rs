//! Pushes to a device: as a second proof, and setting a device up.
//!
//! The device is the page in `http/simulator.rs`. Both wait for an answer that is given there.

use serde::{Deserialize, Serialize};

use super::{Flow, Refusal, Step};
use crate::clock::Timestamp;
use crate::entropy::{self, Entropy, EntropyError};
use crate::failure::Failure;
use crate::idx::amr::Method;
use crate::idx::enrollment::Credential;
use crate::idx::messages::Message;
use crate::idx::transaction::{Person, Phase, Proof, Setup};
use crate::links::AboutSignIn;
use crate::store::{Confirmation, Effect, Settled, Subject};

/// What a device shows about a push, and how it is to be answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AboutPush {
    pub(crate) sign_in: AboutSignIn,
    /// The number that the sign-in page shows, and the ones that the device offers; none if it does not ask.
    pub(crate) correct_answer: Option<String>,
    pub(crate) choices: Vec<String>,
}

impl Flow<'_> {
    pub(super) async fn ask_by_push(
        &self,
        person: Person,
        mut effects: Vec<Effect>,
    ) -> Result<Step, Failure> {
        let enrollments = self.enrollments(&person.user_id).await?;
        let device = enrollments.into_iter().find_map(|enrollment| match enrollment.credential {
            Credential::Push { device, .. } => Some(device),
            _ => None,
        });
        let Some(device) = device else { return Ok(Step::unexpected()) };
        let (proof, more) = self.new_push(&person.identifier, Some(device))?;
        effects.extend(more);
        Ok(Step::Move { phase: Phase::ProveAgain { person, proof }, letter: None, effects })
    }

    /// A push to a device. Without one there is all of it but the device, so that nobody sees the difference.
    pub(super) fn new_push(
        &self,
        identifier: &str,
        device: Option<String>,
    ) -> Result<(Proof, Vec<Effect>), Failure> {
        let entropy = &*self.services.entropy;
        let has_numbers = self.policy().authenticators.number_challenge;
        let choices = if has_numbers { numbers(entropy)? } else { Vec::new() };
        let [pick] = entropy::array(entropy)?;
        let correct_answer = choices.get(usize::from(pick) % choices.len().max(1)).cloned();
        let sign_in = AboutSignIn { identifier: identifier.to_owned(), ..self.about_sign_in() };
        let about = AboutPush { sign_in, correct_answer: correct_answer.clone(), choices };
        let about = serde_json::to_string(&about)?;
        let push = self.question(Subject::Push, device.clone().unwrap_or_default(), about)?;
        let proof = Proof::Push { id: push.id.clone(), correct_answer, expires_at: push.expires_at };
        Ok((proof, device.map(|_| Effect::Ask(push)).into_iter().collect()))
    }

    /// Whether the device has answered.
    pub(super) async fn poll_push(
        &self,
        person: &Person,
        id: &str,
        expires_at: Timestamp,
    ) -> Result<Step, Failure> {
        match self.push_answer(id, expires_at).await? {
            None => Ok(Step::Stay),
            Some(Ok(())) => self.proceed_twice(person, Method::DeviceKey, Vec::new()).await,
            Some(Err(message)) => {
                let phase = Phase::ProveAgain { person: person.clone(), proof: Proof::PushEnded };
                Ok(Step::Refuse { phase: Some(phase), refusal: Refusal::ended(message) })
            }
        }
    }

    /// What became of what a device was asked; nothing if it has not answered yet.
    pub(super) async fn push_answer(
        &self,
        id: &str,
        expires_at: Timestamp,
    ) -> Result<Option<Result<(), Message>>, Failure> {
        let state = self.services.store.confirmation(id).await?.map(|confirmation| confirmation.state);
        Ok(match state {
            Some(Settled::Approved) => Some(Ok(())),
            Some(Settled::Denied) => Some(Err(Message::PushRejected)),
            _ if expires_at > self.services.clock.now() => None,
            _ => Some(Err(Message::PushExpired)),
        })
    }

    pub(super) fn set_up_device(&self, person: &Person) -> Result<Step, Failure> {
        let about = AboutSignIn { identifier: person.identifier.clone(), ..self.about_sign_in() };
        let device =
            self.question(Subject::Device, person.user_id.clone(), serde_json::to_string(&about)?)?;
        let setup = Setup::Push { device: device.id.clone() };
        let phase = Phase::SetUp { person: person.clone(), setup };
        Ok(Step::Move { phase, letter: None, effects: vec![Effect::Ask(device)] })
    }

    /// Whether the device has been set up.
    pub(super) async fn poll_device(&self, person: &Person, device: &str) -> Result<Step, Failure> {
        let asked = self.services.store.confirmation(device).await?;
        // Those that have expired are cleared away.
        let expires_at = asked.map_or_else(|| self.services.clock.now(), |asked| asked.expires_at);
        match self.push_answer(device, expires_at).await? {
            None => Ok(Step::Stay),
            Some(Ok(())) => {
                let device = device.to_owned();
                let lookup = Some(format!("device {device}"));
                let credential = Credential::Push { device, device_name: "Simulated phone".to_owned() };
                self.enrolled(person, credential, lookup).await
            }
            Some(Err(message)) => {
                let phase = Phase::SelectSetup { person: person.clone() };
                Ok(Step::Refuse { phase: Some(phase), refusal: Refusal::ended(message) })
            }
        }
    }

    fn question(&self, subject: Subject, owner: String, about: String) -> Result<Confirmation, Failure> {
        let now = self.services.clock.now();
        Ok(Confirmation {
            id: entropy::unique(&*self.services.entropy)?,
            subject,
            owner,
            about,
            state: Settled::Waiting,
            created_at: now,
            expires_at: now.plus(self.policy().lifetimes.push),
        })
    }
}

/// Three different numbers of two digits.
fn numbers(entropy: &dyn Entropy) -> Result<Vec<String>, EntropyError> {
    let mut numbers: Vec<String> = Vec::new();
    while numbers.len() < 3 {
        let [byte] = entropy::array(entropy)?;
        let number = (10 + byte % 90).to_string();
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    Ok(numbers)
}

//! The security question: as a second proof, and choosing one.
//!
//! An answer is a weak secret, but a secret: it is hashed like a password. It is compared without regard to case
//! and blanks, because nobody remembers how they typed it.

use super::factors::account_of;
use super::{Flow, Refusal, Step};
use crate::failure::Failure;
use crate::idx::action::Credentials;
use crate::idx::amr::Method;
use crate::idx::enrollment::Credential;
use crate::idx::messages::{Message, Problems};
use crate::idx::transaction::{Account, Person};
use crate::limits::Purpose;

impl Flow<'_> {
    pub(super) async fn prove_again_by_answer(&self, person: &Person, typed: &str) -> Result<Step, Failure> {
        match self.refuse_answer(&account_of(person), typed).await? {
            Some(step) => Ok(step),
            None => self.proceed_twice(person, Method::SecurityQuestion, Vec::new()).await,
        }
    }

    /// Why an answer to somebody's question does not count; nothing if it is right.
    pub(super) async fn refuse_answer(
        &self,
        account: &Account,
        typed: &str,
    ) -> Result<Option<Step>, Failure> {
        let answer = normalised(typed);
        if answer.is_empty() {
            return Ok(Some(Step::refuse_field(ANSWER, Message::RequiredField)));
        }
        if let Some(blocked) = self.admit(Purpose::Code, &account.identifier).await? {
            return Ok(Some(Step::refuse(Refusal::too_often(blocked, Message::SuspendedFactor))));
        }
        for enrollment in self.enrollments(account.user_id.as_deref().unwrap_or_default()).await? {
            let Credential::SecurityQuestion { answer_hash, .. } = &enrollment.credential else { continue };
            if self.services.passwords.verify(&answer, Some(answer_hash)).await? {
                self.forgive(Purpose::Code, &account.identifier).await?;
                return Ok(None);
            }
        }
        Ok(Some(Step::refuse_field(ANSWER, Message::WrongAnswer)))
    }

    pub(super) async fn set_up_question(
        &self,
        person: &Person,
        credentials: &Credentials,
    ) -> Result<Step, Failure> {
        let (question, answer) = match read(credentials) {
            Ok(read) => read,
            Err(problems) => return Ok(Step::refuse(Refusal::because(problems))),
        };
        let services = self.services;
        let answer_hash = services.passwords.hash(&*services.entropy, &answer).await?;
        let question_key = credentials.question_key.clone();
        let credential = Credential::SecurityQuestion { question_key, question, answer_hash };
        self.enrolled(person, credential, None).await
    }
}

/// The question and the answer to it, or what is wrong with them.
fn read(credentials: &Credentials) -> Result<(String, String), Problems> {
    let mut problems = Problems::default();
    let own = credentials.question.trim();
    let question = match credentials.question_key.as_str() {
        "" => Err((QUESTION_KEY, Message::RequiredField)),
        OWN_QUESTION if own.is_empty() => Err((QUESTION, Message::RequiredField)),
        OWN_QUESTION if is_longer(own) => Err((QUESTION, Message::TooLong(LONGEST))),
        OWN_QUESTION => Ok(own.to_owned()),
        key => match QUESTIONS.iter().find(|(known, _)| *known == key) {
            Some((_, question)) => Ok((*question).to_owned()),
            None => Err((QUESTION_KEY, Message::RequiredField)),
        },
    };
    let answer = normalised(&credentials.answer);
    match answer.chars().count() {
        0 => problems.add_field(ANSWER.to_owned(), Message::RequiredField),
        length if length < SHORTEST_ANSWER => {
            problems.add_field(ANSWER.to_owned(), Message::AnswerTooShort);
        }
        _ if is_longer(&answer) => {
            problems.add_field(ANSWER.to_owned(), Message::TooLong(LONGEST));
        }
        _ => {}
    }
    match question {
        Ok(question) if problems.is_empty() => Ok((question, answer)),
        Ok(_) => Err(problems),
        Err((path, message)) => {
            problems.add_field(path.to_owned(), message);
            Err(problems)
        }
    }
}

fn is_longer(text: &str) -> bool {
    u32::try_from(text.chars().count()).map_or(true, |length| length > LONGEST)
}

fn normalised(answer: &str) -> String {
    answer.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The questions to choose from. The keys are known to clients, which have them in more languages.
pub(crate) const QUESTIONS: [(&str, &str); 8] = [
    ("disliked_food", "Which food did you not like as a child?"),
    ("name_of_first_plush_toy", "What was the name of your first plush toy?"),
    ("first_award", "What did you win your first award for?"),
    ("favorite_toy", "What was your favorite toy as a child?"),
    ("first_computer_game", "Which computer game did you play first?"),
    ("first_thing_cooked", "What was the first thing that you learned to cook?"),
    ("childhood_dream_job", "What did you want to be when you were a child?"),
    ("favorite_vacation_location", "Where did you like to be on vacation best?"),
];
/// The key of a question in the person's own words.
pub(crate) const OWN_QUESTION: &str = "custom";
pub(crate) const SHORTEST_ANSWER: usize = 4;

const LONGEST: u32 = 100;
const ANSWER: &str = "credentials.answer";
const QUESTION: &str = "credentials.question";
const QUESTION_KEY: &str = "credentials.questionKey";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_blanks_of_an_answer_do_not_matter() {
        assert_eq!(normalised("  The  Old\tMill "), "the old mill");
        assert_eq!(normalised("   "), "");
    }
}

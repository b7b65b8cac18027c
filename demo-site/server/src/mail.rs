//! Mail to people: what it says, and how it leaves.
//!
//! It leaves to a mail server, or into the inbox that `http/inbox.rs` shows when the configuration asks for
//! one. Sending happens after the answer, so that an answer takes no longer for people who get mail than for
//! those who do not exist.

mod letter;
mod smtp;

use std::time::SystemTime;

pub(crate) use letter::{Letter, Occasion};
use smtp::SmtpSender;

use crate::config::MailConfig;
use crate::failure::Failure;
use crate::services::Services;
use crate::store::StoredMail;

/// The way out.
#[derive(Clone)]
pub(crate) enum Mailer {
    Inbox,
    Smtp(SmtpSender),
}

impl Mailer {
    pub(crate) fn new(config: &MailConfig) -> Result<Self, Failure> {
        Ok(match config {
            MailConfig::Inbox => Self::Inbox,
            MailConfig::Smtp(smtp) => Self::Smtp(SmtpSender::new(smtp)?),
        })
    }
}

impl Services {
    /// Sends a letter on its way, to somebody who signs in to this client.
    pub(crate) async fn post(&self, letter: Letter, client_id: &str) -> Result<(), Failure> {
        let lifetime = self.config.policy_of(client_id).lifetimes.email_code;
        let client_name = self.config.client(client_id).map_or("", |client| &client.name);
        let mail = StoredMail {
            subject: letter.subject(client_name),
            body: letter.body(client_name, lifetime),
            channel: letter.occasion.channel().to_owned(),
            code: letter.code,
            link: letter.link,
            recipient: letter.recipient,
            sent_at: self.clock.now(),
        };
        match &self.mailer {
            Mailer::Inbox => self.store.add_mail(&mail).await?,
            Mailer::Smtp(sender) => {
                let date = SystemTime::from(mail.sent_at);
                sender.send_later(&mail, date, crate::entropy::unique(&*self.entropy)?)?;
            }
        }
        Ok(())
    }
}

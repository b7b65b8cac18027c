//! Mail over SMTP.

use std::time::SystemTime;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use crate::config::{SmtpConfig, SmtpTls};
use crate::failure::Failure;
use crate::store::StoredMail;

/// A connection pool to one mail server.
#[derive(Clone)]
pub(crate) struct SmtpSender {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl SmtpSender {
    pub(crate) fn new(config: &SmtpConfig) -> Result<Self, Failure> {
        let parameters = || TlsParameters::new(config.host.clone()).map_err(mail_failure);
        let tls = match config.tls {
            SmtpTls::Implicit => Tls::Wrapper(parameters()?),
            // Required, not opportunistic: whoever strips the offer gets no mail instead of readable mail.
            SmtpTls::StartTls => Tls::Required(parameters()?),
            SmtpTls::Off => Tls::None,
        };
        let mut builder =
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&config.host).port(config.port).tls(tls);
        if let Some((username, password)) = &config.credentials {
            builder = builder.credentials(Credentials::new(username.clone(), password.clone()));
        }
        let from = config.from.parse().map_err(mail_failure)?;
        Ok(Self { transport: builder.build(), from })
    }

    /// Hands the mail to a task of its own. A failure is logged without the address; the person can have it
    /// sent again.
    pub(crate) fn send_later(&self, mail: &StoredMail, date: SystemTime, id: String) -> Result<(), Failure> {
        let message = self.message(mail, date, &id)?;
        let transport = self.transport.clone();
        tokio::spawn(async move {
            match transport.send(message).await {
                Ok(_) => tracing::info!(mail = id, "mail sent"),
                Err(error) => tracing::error!(mail = id, %error, "mail could not be sent"),
            }
        });
        Ok(())
    }

    fn message(&self, mail: &StoredMail, date: SystemTime, id: &str) -> Result<Message, Failure> {
        let domain = self.from.email.domain();
        Message::builder()
            .from(self.from.clone())
            .to(mail.recipient.parse().map_err(mail_failure)?)
            .subject(&mail.subject)
            .date(date)
            .message_id(Some(format!("<{id}@{domain}>")))
            .header(ContentType::TEXT_PLAIN)
            .body(mail.body.clone())
            .map_err(mail_failure)
    }
}

fn mail_failure(error: impl std::error::Error) -> Failure {
    Failure::Mail(error.to_string())
}

//! Mail over SMTP, to a server that takes everything and keeps it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

use crate::support::{EMAIL, TestServer};

/// A mail server (RFC 5321) that hands every message to the test.
pub(crate) struct Sink {
    port: u16,
    messages: UnboundedReceiver<String>,
}

impl Sink {
    pub(crate) fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, messages) = unbounded_channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let sender = sender.clone();
                std::thread::spawn(move || converse(&stream.unwrap(), |message| drop(sender.send(message))));
            }
        });
        Self { port, messages }
    }

    /// The part of a configuration that sends mail here.
    pub(crate) fn configuration(&self) -> String {
        format!(
            "[mail.smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nfrom = \"Demo <demo@example.com>\"",
            self.port
        )
    }

    pub(crate) async fn next(&mut self) -> String {
        let message = timeout(Duration::from_secs(10), self.messages.recv()).await;
        message.expect("a mail in time").expect("a mail server")
    }

    pub(crate) async fn next_code(&mut self) -> String {
        let message = self.next().await;
        let code = message.lines().find(|line| line.trim().len() == 6 && line.trim().parse::<u32>().is_ok());
        code.unwrap_or_else(|| panic!("no code in {message}")).trim().to_owned()
    }
}

/// One session: every command is fine, and what comes after `DATA` is a message.
fn converse(stream: &TcpStream, mut deliver: impl FnMut(String)) {
    let mut reply = stream;
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    write!(reply, "220 ready\r\n").unwrap();
    while let Some(line) = lines.next() {
        let answer = match line.split(' ').next().unwrap() {
            "DATA" => {
                write!(reply, "354 go on\r\n").unwrap();
                let message: Vec<_> = lines.by_ref().take_while(|line| line != ".").collect();
                deliver(message.join("\n"));
                "250 kept"
            }
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        write!(reply, "{answer}\r\n").unwrap();
    }
}

#[tokio::test]
async fn the_code_arrives_and_signs_in() {
    let mut sink = Sink::open();
    let server = TestServer::with_policy(&sink.configuration()).await;
    let mut page = server.client().begin().await;
    page.identify(EMAIL).await;
    page.select("autemail").await;
    let code = sink.next_code().await;
    assert!(page.answer(&code).await.is_signed_in());
}

#[tokio::test]
async fn the_mail_says_who_it_is_from_what_it_is_about_and_when() {
    let mut sink = Sink::open();
    let server = TestServer::with_policy(&sink.configuration()).await;
    let mut page = server.client().begin().await;
    page.register("robin@example.com").await;
    let mail = sink.next().await;
    for line in [
        "From: Demo <demo@example.com>",
        "To: robin@example.com",
        "Subject: Confirm your address for Demo app",
        "Date: Sat, 14 Mar 2026 15:09:26 +0000",
        "Content-Type: text/plain; charset=utf-8",
    ] {
        assert!(mail.lines().any(|have| have == line), "no `{line}` in\n{mail}");
    }
    assert!(mail.contains("It is good for 10 minutes and works once."));
}

#[tokio::test]
async fn there_is_no_inbox_beside_it() {
    let sink = Sink::open();
    let server = TestServer::with_policy(&sink.configuration()).await;
    for path in ["/inbox", "/inbox.json", "/inbox.css"] {
        assert_eq!(server.client().get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_mail_server_that_is_away_does_not_hold_up_the_answer_or_tell_on_anybody() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let mail =
        format!("[mail.smtp]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\nfrom = \"d@example.com\"");
    let server = TestServer::with_policy(&mail).await;
    let mut page = server.client().begin().await;
    page.identify(EMAIL).await;
    assert_eq!(page.select("autemail").await.status, 200);
}

//! Secrets of apps in the database, sealed with a key that is not in it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use latchkey_server::{Config, Server, SystemClock, SystemEntropy, TokenKind};

use crate::operations::carry_out;
use crate::support::{Client, Conversation, EMAIL, TestServer, configuration};
use crate::totp;

const POLICY: &str =
    "[policy]\nsecond_factor = \"if_enrolled\"\n[policy.authenticators]\ntotp = \"optional\"";

/// 32 times the same byte, in base64.
const KEYS: [&str; 2] =
    ["AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=", "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="];

/// A file with this text, readable by its owner alone.
fn file(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    #[cfg(unix)]
    permit(&path, 0o600);
    path
}

#[cfg(unix)]
fn permit(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// The configuration of a server with these keys.
fn with_keys(server: &TestServer, keys: &[PathBuf]) -> String {
    let configuration = configuration(&server.folder.path().join("server.sqlite"), POLICY);
    configuration.replace("trust_forwarded_for", &format!("secret_key_files = {keys:?}\ntrust_forwarded_for"))
}

/// Every byte of the database and of the files beside it.
fn contains(server: &TestServer, text: &str) -> bool {
    let files = std::fs::read_dir(server.folder.path()).unwrap();
    let databases = files.map(|file| file.unwrap().path());
    databases
        .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("server.sqlite"))
        .any(|path| std::fs::read(path).unwrap().windows(text.len()).any(|window| window == text.as_bytes()))
}

/// Signs Pat in with a code of the app.
async fn signs_in(server: &TestServer, secret: &str) -> bool {
    server.pass(std::time::Duration::from_secs(30));
    let client: Client = server.client();
    let mut page = client.after_password().await;
    page.answer(&totp::app(secret, server.now_in_seconds())).await.is_signed_in()
}

#[tokio::test]
async fn with_a_key_the_secret_is_not_in_the_file_at_any_time() {
    let server = TestServer::with_policy(POLICY).await;
    let key = file(server.folder.path(), "key", KEYS[0]);
    let config = with_keys(&server, &[key]);
    let server = server.restart_as(config).await;
    let mut page = server.client().after_password().await;
    let secret = page.set_up("auttotp").await.context()["sharedSecret"].as_str().unwrap().to_owned();
    assert!(!contains(&server, &secret), "while it is set up");
    page.answer(&totp::app(&secret, server.now_in_seconds())).await;
    assert!(signs_in(&server, &secret).await);
    server.close().await;
    assert!(!contains(&server, &secret));
    assert!(contains(&server, "sealed:"), "the file is not even read");
}

#[tokio::test]
async fn what_was_there_before_the_key_is_sealed_at_the_next_start_and_goes_on() {
    let server = TestServer::with_policy(POLICY).await;
    let secret = totp::enroll(&server, &server.client()).await;
    assert!(contains(&server, &secret));
    let key = file(server.folder.path(), "key", KEYS[0]);
    let config = with_keys(&server, &[key]);
    let server = server.restart_as(config).await;
    assert!(signs_in(&server, &secret).await);
    server.close().await;
    let vacuumed = server.folder.path().join("copy.sqlite");
    let config =
        Config::from_toml(&configuration(&server.folder.path().join("server.sqlite"), POLICY)).unwrap();
    Server::back_up(&config, &vacuumed).await.unwrap();
    let bytes = std::fs::read(vacuumed).unwrap();
    let is_in_copy = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
    assert!(!is_in_copy, "a copy has only what is there now");
}

#[tokio::test]
async fn a_key_is_given_up_after_one_start_with_both() {
    let server = TestServer::with_policy(POLICY).await;
    let [old, new] = [0, 1].map(|number| file(server.folder.path(), &format!("key{number}"), KEYS[number]));
    let config = with_keys(&server, std::slice::from_ref(&old));
    let server = server.restart_as(config).await;
    let secret = totp::enroll(&server, &server.client()).await;
    let config = with_keys(&server, &[new.clone(), old]);
    let server = server.restart_as(config).await;
    assert!(signs_in(&server, &secret).await);
    let config = with_keys(&server, &[new]);
    let server = server.restart_as(config).await;
    assert!(signs_in(&server, &secret).await);
}

mod given_an_app_that_is_being_set_up {
    use super::*;

    /// Begins under the first key, and goes on at a server with these.
    async fn restarted(keys: &[usize]) -> (TestServer, Conversation, String) {
        let server = TestServer::with_policy(POLICY).await;
        let files = [0, 1].map(|number| file(server.folder.path(), &format!("key{number}"), KEYS[number]));
        let config = with_keys(&server, &files[..1]);
        let server = server.restart_as(config).await;
        let mut page = server.client().after_password().await;
        let secret = page.set_up("auttotp").await.context()["sharedSecret"].as_str().unwrap().to_owned();
        let keys: Vec<_> = keys.iter().map(|number| files[*number].clone()).collect();
        let config = with_keys(&server, &keys);
        let server = server.restart_as(config).await;
        page.client = server.client();
        (server, page, secret)
    }

    #[tokio::test]
    async fn it_is_sealed_with_the_key_that_is_there_at_the_end() {
        let (server, mut page, secret) = restarted(&[1, 0]).await;
        page.answer(&totp::app(&secret, server.now_in_seconds())).await;
        assert!(page.answer.is_signed_in());
        let new = server.folder.path().join("key1");
        let config = with_keys(&server, &[new]);
        let server = server.restart_as(config).await;
        assert!(signs_in(&server, &secret).await);
    }

    #[tokio::test]
    async fn the_person_begins_anew_where_its_key_is_gone() {
        let (server, mut page, secret) = restarted(&[1]).await;
        page.answer(&totp::app(&secret, server.now_in_seconds())).await;
        assert!(page.answer.is_session_expired(), "{}", page.answer.text());
        let secret = totp::enroll(&server, &server.client()).await;
        assert!(signs_in(&server, &secret).await);
    }
}

#[tokio::test]
async fn a_lost_key_keeps_no_command_from_working_and_has_a_way_out() {
    let server = TestServer::with_policy(POLICY).await;
    let [old, new] = [0, 1].map(|number| file(server.folder.path(), &format!("key{number}"), KEYS[number]));
    let config = with_keys(&server, std::slice::from_ref(&old));
    let server = server.restart_as(config).await;
    totp::enroll(&server, &server.client()).await;
    server.close().await;
    std::fs::remove_file(&old).unwrap();

    let config = Config::from_toml(&with_keys(&server, &[old])).unwrap();
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy::default()));
    let command = Server::open_for_command(config, clock, entropy).await.unwrap();
    command.make_token(TokenKind::Recovery, EMAIL, None).await.unwrap();
    assert_eq!(command.replace_keys().await.unwrap().len(), 2);
    command.close().await;

    let config = with_keys(&server, &[new]);
    let said = refusal(&config).await;
    let name = said.split('"').nth(1).unwrap();
    carry_out(&server, "DELETE FROM enrollments", "another").await;
    assert_eq!(refusal(&config).await, said);
    carry_out(&server, "DELETE FROM enrollments", name).await;
    let server = server.restart_as(config).await;
    let secret = totp::enroll(&server, &server.client()).await;
    assert!(signs_in(&server, &secret).await);
}

/// What a server with this configuration says instead of starting.
async fn refusal(config: &str) -> String {
    let config = Config::from_toml(config).unwrap();
    let opened = Server::open(config, Arc::new(SystemClock), Arc::new(SystemEntropy::default()));
    opened.await.err().expect("it started").to_string()
}

#[tokio::test]
async fn without_the_key_the_server_does_not_start_and_says_what_is_missing() {
    let server = TestServer::with_policy(POLICY).await;
    let [old, new] = [0, 1].map(|number| file(server.folder.path(), &format!("key{number}"), KEYS[number]));
    let config = with_keys(&server, &[old]);
    let server = server.restart_as(config).await;
    totp::enroll(&server, &server.client()).await;
    server.close().await;
    for keys in [vec![], vec![new]] {
        let said = refusal(&with_keys(&server, &keys)).await;
        assert!(said.contains("`server.secret_key_files`"), "{said}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_key_is_named_with_the_way_out() {
    let server = TestServer::with_policy(POLICY).await;
    let folder = server.folder.path();
    let [missing, short, words] =
        [folder.join("missing"), file(folder, "short", "AQEB"), file(folder, "words", "not base64!")];
    for path in [missing, short, words] {
        let said = refusal(&with_keys(&server, std::slice::from_ref(&path))).await;
        assert!(said.starts_with(&format!("`server.secret_key_files` names {}: ", path.display())), "{said}");
    }
    #[cfg(unix)]
    {
        let open = file(folder, "open", KEYS[0]);
        permit(&open, 0o640);
        let said = refusal(&with_keys(&server, std::slice::from_ref(&open))).await;
        assert!(said.contains(&format!("chmod 600 {}", open.display())), "{said}");
    }
}

//! The program itself: started, killed, stopped.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::support::{CHALLENGE, EMAIL, PASSWORD, TestServer, VERIFIER};

/// A running server, with a configuration in a folder of its own.
pub(crate) struct Process {
    pub(crate) child: Child,
    pub(crate) port: u16,
}

impl Process {
    /// Starts it on a port that the system chooses, and waits until it says which.
    pub(crate) fn start(folder: &Path) -> Self {
        let mut child = command(&configure(folder, 0)).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said = line.strip_prefix("latchkey-server listens on http://127.0.0.1:").unwrap();
        let (port, issuer) = said.split_once(" as ").unwrap();
        assert_eq!(issuer, "http://localhost:4401/oauth2/default\n");
        Self { child, port: port.parse().unwrap() }
    }

    fn post(&self, path: &str, media_type: &str, body: &str) -> Value {
        let (path, head) = (format!("POST {path}"), format!("Content-Type: {media_type}\r\n"));
        request(self.port, &path, &head, body).expect("an answer")
    }

    fn get(&self, path: &str) -> Value {
        request(self.port, &format!("GET {path}"), "", "").expect("an answer")
    }

    fn idx(&self, endpoint: &str, body: &Value) -> Value {
        self.post(&format!("/idp/idx/{endpoint}"), "application/json", &body.to_string())
    }

    fn oauth(&self, endpoint: &str, body: &str) -> Value {
        self.post(&format!("/oauth2/default/v1/{endpoint}"), "application/x-www-form-urlencoded", body)
    }

    fn interact(&self) -> String {
        self.interact_with("")
    }

    fn interact_with(&self, more: &str) -> String {
        let redirect_uri = "http%3A%2F%2Flocalhost%3A4400%2Fcallback";
        let answer = self.oauth(
            "interact",
            &format!(
                "client_id=demo-spa&scope=openid&redirect_uri={redirect_uri}&code_challenge={CHALLENGE}\
                 &code_challenge_method=S256{more}"
            ),
        );
        answer["interaction_handle"].as_str().unwrap().to_owned()
    }
}

/// What the server at this port answers; nothing if it is gone before it has.
pub(crate) fn request(port: u16, line: &str, head: &str, body: &str) -> Option<Value> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    let length = body.len();
    let message = format!(
        "{line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{head}Content-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(message.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    serde_json::from_str(body).ok()
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

pub(crate) fn command(config: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_latchkey-server"));
    command.arg("--config").arg(config).stderr(Stdio::piped());
    command
}

pub(crate) fn configure(folder: &Path, port: u16) -> std::path::PathBuf {
    let text = crate::support::configuration(&folder.join("server.sqlite"), "");
    let text = text.replace("[server]", &format!("[server]\nlisten = \"127.0.0.1:{port}\""));
    let path = folder.join("server.toml");
    std::fs::write(&path, text).unwrap();
    path
}

/// Runs the program with these arguments to its end; what it says, or its complaint.
fn run(config: &Path, arguments: &[&str]) -> Result<String, String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_latchkey-server"));
    let output = command.args(arguments).arg("--config").arg(config).output().unwrap();
    let (said, complaint) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    if output.status.success() { Ok(said) } else { Err(complaint) }
}

#[test]
fn an_operator_makes_a_token_beside_the_running_server() {
    let folder = folder();
    let process = Process::start(folder.path());
    let config = configure(folder.path(), 0);
    let page = "http://localhost:4400/";
    let said = run(&config, &["token", "--user", EMAIL, "--kind", "recovery", "--page", page]).unwrap();
    let (address, good_until) = said.trim_end().split_once('\n').unwrap();
    assert!(good_until.starts_with("good until 2") && good_until.ends_with("Z, once"), "{good_until}");
    let token = address.strip_prefix("http://localhost:4400/?recovery_token=").unwrap();
    let handle = process.interact_with(&format!("&recovery_token={token}"));
    let page = process.idx("introspect", &json!({ "interactionHandle": handle }));
    assert_eq!(page["remediation"]["value"][0]["name"], "reset-authenticator");

    let complaint = run(&config, &["token", "--user", "nobody@example.com", "--kind", "recovery"]);
    let complaint = complaint.unwrap_err();
    assert!(complaint.contains("there is no account with the address nobody@example.com"), "{complaint}");
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Runs a server that must not start, and says what it wrote.
fn failure(config: &Path) -> String {
    let output = command(config).output().unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_killed_server_goes_on_with_the_same_handle() {
    let folder = folder();
    let mut process = Process::start(folder.path());
    let body = json!({ "interactionHandle": process.interact() });
    let handle = process.idx("introspect", &body)["stateHandle"].clone();
    let body = json!({ "stateHandle": handle, "identifier": EMAIL });
    let handle = process.idx("identify", &body)["stateHandle"].clone();
    // SIGKILL: nothing can be written any more.
    process.child.kill().unwrap();
    process.child.wait().unwrap();

    let process = Process::start(folder.path());
    let body = json!({ "stateHandle": handle, "credentials": { "passcode": PASSWORD } });
    let answer = process.idx("challenge/answer", &body);
    let fields = answer["successWithInteractionCode"]["value"].as_array().unwrap();
    let code = fields.iter().find(|field| field["name"] == "interaction_code").unwrap();
    let tokens = process.oauth(
        "token",
        &format!(
            "grant_type=interaction_code&client_id=demo-spa&code_verifier={VERIFIER}&interaction_code={}",
            code["value"].as_str().unwrap()
        ),
    );
    assert!(tokens["id_token"].is_string(), "{tokens}");
}

#[cfg(unix)]
#[test]
fn asked_to_end_it_ends_well() {
    let folder = folder();
    let mut process = Process::start(folder.path());
    process.interact();
    let id = process.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(process.child.wait().unwrap().success());
    // Everything is in the file itself: SQLite's log was folded in and removed.
    assert!(!folder.path().join("server.sqlite-wal").exists());
}

#[test]
fn the_log_has_a_line_for_each_request_and_names_nobody() {
    let folder = folder();
    let mut process = Process::start(folder.path());
    let body = json!({ "interactionHandle": process.interact() });
    let handle = process.idx("introspect", &body)["stateHandle"].clone();
    process.idx("identify", &json!({ "stateHandle": handle, "identifier": EMAIL }));
    process.child.kill().unwrap();
    let mut log = String::new();
    process.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    let line = log.lines().find(|line| line.contains("/idp/idx/identify")).unwrap();
    for part in ["POST", "status=200", "millis=", "request="] {
        assert!(line.contains(part), "no {part} in {line}");
    }
    assert!(!log.contains(EMAIL) && !log.contains("127.0.0.1") && !log.contains(handle.as_str().unwrap()));
}

#[test]
fn a_port_that_is_taken_is_said_with_the_way_out() {
    let folder = folder();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let said = failure(&configure(folder.path(), port));
    assert!(said.contains(&format!("cannot listen on 127.0.0.1:{port} (`server.listen`)")), "{said}");
    assert!(said.contains("set `server.listen` to a free port"), "{said}");
}

#[test]
fn a_mistake_in_the_configuration_is_said_with_its_file() {
    let folder = folder();
    let config = configure(folder.path(), 0);
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("issuer", "isuer")).unwrap();
    let said = failure(&config);
    assert!(said.contains("server.toml: unknown key `isuer` in [server]; did you mean `issuer`?"), "{said}");
}

#[test]
fn a_database_that_cannot_be_opened_is_said_with_its_key() {
    let folder = folder();
    let config = configure(folder.path(), 0);
    std::fs::write(folder.path().join("server.sqlite"), "this is not a database, whatever its name says")
        .unwrap();
    let said = failure(&config);
    assert!(said.contains("server.sqlite (`server.database`) cannot be opened"), "{said}");
}

#[test]
fn without_a_configuration_it_says_how_to_give_one() {
    let said = failure(Path::new("/nowhere/at/all.toml"));
    assert!(said.contains("cannot read /nowhere/at/all.toml"), "{said}");
    let output = Command::new(env!("CARGO_BIN_EXE_latchkey-server")).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("usage: latchkey-server --config FILE"), "{said}");
}

#[test]
fn a_command_needs_no_key_for_the_secrets_of_apps() {
    let folder = folder();
    drop(Process::start(folder.path()));
    let config = configure(folder.path(), 0);
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("[server]", "[server]\nsecret_key_files = [\"/nowhere/at/all\"]"))
        .unwrap();
    assert!(failure(&config).contains("`server.secret_key_files`"));
    let said = run(&config, &["rotate-keys", "--drop"]).unwrap();
    assert!(said.contains("all others are withdrawn"), "{said}");
    run(&config, &["token", "--user", EMAIL, "--kind", "recovery"]).unwrap();
}

#[test]
fn keys_can_be_rotated_while_it_runs() {
    let folder = folder();
    let process = Process::start(folder.path());
    let config = folder.path().join("server.toml");
    let output = Command::new(env!("CARGO_BIN_EXE_latchkey-server"))
        .args(["rotate-keys", "--config"])
        .arg(&config)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    let line = said.lines().find(|line| line.starts_with("http://localhost:4401/oauth2/default: key "));
    let kid = line.and_then(|line| line.split(' ').nth(2)).unwrap();
    let keys = process.get("/oauth2/default/v1/keys");
    let kids: Vec<_> =
        keys["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap()).collect();
    assert_eq!((kids.len(), kids[0]), (2, kid));
}

#[tokio::test]
async fn half_a_request_does_not_keep_it_from_ending() {
    let server = TestServer::start().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let visitor = async {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let head = "POST /idp/idx/introspect HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                    Content-Length: 2\r\nExpect: 100-continue\r\n\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        // Said once somebody waits for the body, which does not come.
        let mut said = [0; 25];
        stream.read_exact(&mut said).await.unwrap();
        assert_eq!(&said, b"HTTP/1.1 100 Continue\r\n\r\n");
        drop(stop);
        (stream, Instant::now())
    };
    let serving = async {
        server.server().serve(listener, async { stopped.await.unwrap_or_default() }).await.unwrap();
        Instant::now()
    };
    let (ended, (_stream, told)) = tokio::join!(serving, visitor);
    let patience = ended.duration_since(told);
    // Ten seconds, and not the thirty that a body may take.
    assert!((10..25).contains(&patience.as_secs()), "{patience:?}");
}

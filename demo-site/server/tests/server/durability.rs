//! What was promised is kept: an account whose registration was answered is there after the server was killed, and in a copy
//! that was made while others registered.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{JoinHandle, spawn};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::{Process, configure, request};
use crate::support::{CHALLENGE, EMAIL, NEW_PASSWORD, PASSWORD, encoded};

const JSON: &str = "Content-Type: application/json\r\n";

fn idx(port: u16, endpoint: &str, body: &Value) -> Option<Value> {
    request(port, &format!("POST /idp/idx/{endpoint}"), JSON, &body.to_string())
}

/// Begins a sign-in and says the handle of its first page.
fn begin(port: u16) -> Option<Value> {
    let redirect_uri = encoded("http://localhost:4400/callback");
    let body = format!(
        "client_id=demo-spa&scope=openid&redirect_uri={redirect_uri}&code_challenge={CHALLENGE}&code_challenge_method=S256"
    );
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let begun = request(port, "POST /oauth2/default/v1/interact", form, &body)?;
    let first = idx(port, "introspect", &json!({ "interactionHandle": begun["interaction_handle"] }))?;
    Some(first["stateHandle"].clone())
}

/// Registers this address; nothing if the server went away before it said that it was done.
fn register(port: u16, email: &str) -> Option<()> {
    let handle = begin(port)?;
    let profile = json!({ "firstName": "Robin", "lastName": "New", "email": email });
    let handle = idx(port, "enroll", &json!({ "stateHandle": handle }))?["stateHandle"].clone();
    let answer = idx(port, "enroll/new", &json!({ "stateHandle": handle, "userProfile": profile }))?;
    let mails = request(port, &format!("GET /inbox.json?to={}", encoded(email)), "", "")?;
    let code = json!({ "stateHandle": answer["stateHandle"], "credentials": { "passcode": mails["mails"][0]["code"] } });
    let answer = idx(port, "challenge/answer", &code)?;
    let password =
        json!({ "stateHandle": answer["stateHandle"], "credentials": { "passcode": NEW_PASSWORD } });
    let answer = idx(port, "challenge/answer", &password)?;
    answer.get("successWithInteractionCode").map(drop)
}

/// Whether this password is the one of this address.
fn signs_in(port: u16, email: &str, password: &str) -> bool {
    let handle = begin(port).unwrap();
    let handle =
        idx(port, "identify", &json!({ "stateHandle": handle, "identifier": email })).unwrap()["stateHandle"]
            .clone();
    let body = json!({ "stateHandle": handle, "credentials": { "passcode": password } });
    idx(port, "challenge/answer", &body).unwrap().get("successWithInteractionCode").is_some()
}

/// People who register one after another at several doors, until the server goes away or they are told to stop.
struct Crowd {
    doors: Vec<JoinHandle<()>>,
    registered: Receiver<String>,
}

static PEOPLE: AtomicU32 = AtomicU32::new(0);

impl Crowd {
    fn at(port: u16, stop: &'static AtomicBool) -> Self {
        let (said, registered) = channel();
        let doors = (0..4).map(|_| {
            let said: Sender<String> = said.clone();
            spawn(move || {
                while !stop.load(Ordering::SeqCst) {
                    let email = format!("person-{}@example.com", PEOPLE.fetch_add(1, Ordering::SeqCst));
                    if register(port, &email).is_none() || said.send(email).is_err() {
                        return;
                    }
                }
            })
        });
        Self { doors: doors.collect(), registered }
    }

    /// The next so many who were told that they have an account.
    fn wait_for(&self, count: usize) -> Vec<String> {
        self.registered.iter().take(count).collect()
    }

    /// All who were told so since, once everybody has left.
    fn leave(self) -> Vec<String> {
        self.doors.into_iter().for_each(|door| door.join().unwrap());
        self.registered.iter().collect()
    }
}

#[test]
fn killed_while_people_register_it_has_everybody_who_was_told_so() {
    static NEVER: AtomicBool = AtomicBool::new(false);
    let folder = TempDir::new().unwrap();
    let mut registered = Vec::new();
    for _ in 0..3 {
        let mut process = Process::start(folder.path());
        let crowd = Crowd::at(process.port, &NEVER);
        registered.extend(crowd.wait_for(5));
        // SIGKILL, in the middle of whatever the four doors are at.
        process.child.kill().unwrap();
        registered.extend(crowd.leave());
    }
    assert!(registered.len() >= 15);
    let process = Process::start(folder.path());
    for email in &registered {
        assert!(signs_in(process.port, email, NEW_PASSWORD), "{email} is lost");
    }
    assert!(signs_in(process.port, EMAIL, PASSWORD));
    register(process.port, "afterwards@example.com").unwrap();
}

/// Copies the database of the server in this folder, as an operator does.
fn back_up(folder: &Path, to: &Path) -> std::process::Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_latchkey-server"));
    let config = configure(folder, 0);
    command.arg("backup").arg("--config").arg(config).arg("--to").arg(to).output().unwrap()
}

#[test]
fn a_copy_made_while_people_register_is_a_whole_server() {
    static ENOUGH: AtomicBool = AtomicBool::new(false);
    let (folder, restored) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let process = Process::start(folder.path());
    let crowd = Crowd::at(process.port, &ENOUGH);
    let registered = crowd.wait_for(5);
    // Restoring is putting the copy where the configuration says the database is.
    let copy = restored.path().join("server.sqlite");
    let output = back_up(folder.path(), &copy);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    ENOUGH.store(true, Ordering::SeqCst);
    crowd.leave();
    let keys = request(process.port, "GET /oauth2/default/v1/keys", "", "").unwrap();

    let process = Process::start(restored.path());
    for email in &registered {
        assert!(signs_in(process.port, email, NEW_PASSWORD), "{email} is not in the copy");
    }
    assert!(signs_in(process.port, EMAIL, PASSWORD));
    // The signing keys are in it too: tokens that were issued before are still good.
    assert_eq!(request(process.port, "GET /oauth2/default/v1/keys", "", "").unwrap(), keys);
}

#[cfg(unix)]
#[test]
fn a_copy_can_be_read_by_its_owner_alone_and_never_replaces_another() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = TempDir::new().unwrap();
    drop(Process::start(folder.path()));
    let copy = folder.path().join("copy.sqlite");
    assert!(back_up(folder.path(), &copy).status.success());
    assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    let again = back_up(folder.path(), &copy);
    assert!(!again.status.success());
    let said = String::from_utf8(again.stderr).unwrap();
    assert!(said.contains("cannot be copied to") && said.contains("exists"), "{said}");
}

#[test]
fn a_database_that_is_not_there_is_not_made_by_copying_it() {
    let folder = TempDir::new().unwrap();
    let output = back_up(folder.path(), &folder.path().join("copy.sqlite"));
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("(`server.database`) cannot be copied"), "{said}");
    assert!(!folder.path().join("server.sqlite").exists());
}

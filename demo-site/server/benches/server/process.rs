//! The server as a process of its own, and what the kernel says about it.

use std::fs;
use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::Outcome;
use crate::person::{EMAIL, PASSWORD};

/// What the threads of a server have computed.
#[derive(Debug, Default)]
pub(crate) struct CpuTime {
    /// Those that hash passwords, and do nothing else.
    pub(crate) hashing: Duration,
    /// All others.
    pub(crate) beyond: Duration,
}

impl CpuTime {
    pub(crate) fn since(&self, before: &Self) -> Self {
        Self {
            hashing: self.hashing.saturating_sub(before.hashing),
            beyond: self.beyond.saturating_sub(before.beyond),
        }
    }
}

/// A server that listens.
pub(crate) struct Process {
    pub(crate) address: SocketAddr,
    child: Child,
    id: u32,
    /// Goes when the server has gone.
    _folder: TempDir,
}

impl Process {
    pub(crate) async fn start() -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("server.toml");
        fs::write(&file, configuration(&folder.path().join("server.sqlite").display().to_string()))?;
        let mut child = Command::new(env!("CARGO_BIN_EXE_latchkey-server"))
            .arg("--config")
            .arg(file)
            // One line for each answer would be written in production too.
            .stderr(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut announced = String::new();
        BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut announced).await?;
        let (_, address) = announced.split_once("http://").ok_or("the server did not start")?;
        let address = address.split_whitespace().next().ok_or("no address")?.parse()?;
        let id = child.id().ok_or("the server has ended")?;
        Ok(Self { address, child, id, _folder: folder })
    }

    pub(crate) async fn stop(mut self) -> Outcome<()> {
        Ok(self.child.kill().await?)
    }

    /// What its threads have computed so far. To the nanosecond, unlike the sum that the kernel keeps for a process;
    /// threads that wait for blocking work are kept for ten seconds, so that none is lost between two calls.
    pub(crate) fn cpu_time(&self) -> Outcome<CpuTime> {
        let mut sum = CpuTime::default();
        for thread in fs::read_dir(format!("/proc/{}/task", self.id))? {
            let thread = thread?.path();
            let time = time_on_cpu(&fs::read_to_string(thread.join("schedstat"))?)?;
            let is_hashing = fs::read_to_string(thread.join("comm"))?.trim_end() == "hashing";
            *if is_hashing { &mut sum.hashing } else { &mut sum.beyond } += time;
        }
        Ok(sum)
    }

    /// The memory that it has now.
    pub(crate) fn memory(&self) -> Outcome<String> {
        self.status("VmRSS:")
    }

    /// The most that it has had.
    pub(crate) fn most_memory(&self) -> Outcome<String> {
        self.status("VmHWM:")
    }

    fn status(&self, name: &str) -> Outcome<String> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("no such line")?;
        let kibibytes: u32 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(format!("{} MiB", kibibytes / 1024))
    }
}

/// The first number of a `schedstat`: nanoseconds on a processor.
pub(crate) fn time_on_cpu(schedstat: &str) -> Outcome<Duration> {
    let nanoseconds = schedstat.split(' ').next().ok_or("an empty schedstat")?.parse()?;
    Ok(Duration::from_nanos(nanoseconds))
}

/// A policy that counts attempts as any other, and never refuses one.
fn configuration(database: &str) -> String {
    format!(
        r#"
        [server]
        listen = "127.0.0.1:0"
        issuer = "http://localhost:4401/oauth2/default"
        database = {database:?}

        [[clients]]
        client_id = "bench"
        redirect_uris = ["http://localhost:4400/callback"]
        origins = ["http://localhost:4400"]

        [[users]]
        email = "{EMAIL}"
        password = "{PASSWORD}"
        first_name = "Pat"
        last_name = "Example"

        [policy.attempts]
        transactions_per_address = 100000000

        [mail]
        inbox = true
        "#
    )
}

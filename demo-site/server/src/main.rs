//! Starts the reference identity server: `latchkey-server --config FILE`. Or makes a token for somebody who cannot get in:
//! `latchkey-server token --config FILE --user ADDRESS --kind KIND`. Or copies the database, whether the server runs or not:
//! `latchkey-server backup --config FILE --to COPY`. Or makes new signing keys, likewise:
//! `latchkey-server rotate-keys --config FILE`, or with `--drop` in the place of keys that somebody else may have.

mod arguments;

use std::io::{IsTerminal as _, Write as _};
use std::num::NonZero;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread::available_parallelism;

use arguments::{Arguments, NewToken, Task};
use latchkey_server::{Config, Server, SystemClock, SystemEntropy};
use tokio::runtime::{Builder, Runtime};
use tokio::signal;
use tracing_subscriber::filter::LevelFilter;

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_max_level(log_level(std::env::var("RUST_LOG").ok().as_deref()))
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    let done = runtime()
        .map_err(|error| format!("no threads can be had: {error}"))
        .and_then(|it| it.block_on(run()));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            tracing::error!("{reason}");
            ExitCode::FAILURE
        }
    }
}

/// Threads for what waits: half as many as there are processors. Passwords are hashed on others, and each request waits for
/// the database some times: a thread that has nothing else to do is then woken for every answer, which costs more than the
/// answer does.
fn runtime() -> std::io::Result<Runtime> {
    let processors = available_parallelism().map_or(1, NonZero::get);
    Builder::new_multi_thread().worker_threads((processors / 2).max(1)).enable_all().build()
}

async fn run() -> Result<(), String> {
    let Arguments { config: path, task } = Arguments::read(std::env::args().skip(1))?;
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(&path).map_err(|error| format!("cannot read {shown}: {error}"))?;
    let config = Config::from_toml(&text).map_err(|error| format!("{shown}: {error}"))?;
    if let Task::BackUp { to } = &task {
        return Server::back_up(&config, to).await.map_err(|error| error.to_string());
    }
    let issuer = config.issuer().to_owned();

    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy::default()));
    let opened = match task {
        Task::MakeToken(_) | Task::RotateKeys { .. } => {
            Server::open_for_command(config, clock, entropy).await
        }
        Task::Listen | Task::BackUp { .. } => Server::open(config, clock, entropy).await,
    };
    let server = opened.map_err(|error| error.to_string())?;
    match task {
        Task::MakeToken(token) => return make_token(&server, &token).await,
        Task::RotateKeys { drops_others } => return rotate_keys(&server, drops_others).await,
        Task::Listen | Task::BackUp { .. } => {}
    }
    // Before the line below: whoever waits for it may end us as soon as it is there.
    let stop = stop_signal().map_err(|error| format!("cannot listen for signals: {error}"))?;
    let listener = server.bind().await.map_err(|error| error.to_string())?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    // For whoever started us and waits for this line.
    say(&format!("latchkey-server listens on http://{address} as {issuer}"))?;
    server.serve(listener, stop).await.map_err(|error| error.to_string())
}

async fn make_token(server: &Server, new: &NewToken) -> Result<(), String> {
    let made = server.make_token(new.kind, &new.user, new.client.as_deref()).await;
    let issued = made.map_err(|error| error.to_string())?;
    server.close().await;
    say(&format!("{}\ngood until {}, once", new.shown(&issued.token), issued.expires_at.iso_8601()))
}

async fn rotate_keys(server: &Server, drops_others: bool) -> Result<(), String> {
    let changes = if drops_others { server.replace_keys().await } else { server.rotate_keys().await };
    let changes = changes.map_err(|error| error.to_string())?;
    server.close().await;
    say(&changes.join("\n"))
}

/// Writes to standard output, which the log does not.
fn say(text: &str) -> Result<(), String> {
    writeln!(std::io::stdout(), "{text}").map_err(|error| format!("cannot write to standard output: {error}"))
}

/// How much is logged: `RUST_LOG` is `error`, `warn`, `info` or `off`. More is not offered, because the debug
/// output of libraries is not ours to keep free of personal data.
fn log_level(wish: Option<&str>) -> LevelFilter {
    wish.and_then(|level| level.parse().ok()).unwrap_or(LevelFilter::INFO).min(LevelFilter::INFO)
}

/// Is over when the process is asked to end, from now on.
#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    use signal::unix::{SignalKind, signal};
    let (mut interrupted, mut terminated) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

/// Is over when the process is asked to end, from now on.
#[cfg(windows)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut interrupted = signal::windows::ctrl_c()?;
    Ok(async move {
        interrupted.recv().await;
    })
}

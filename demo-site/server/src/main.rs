//! Starts the reference identity server: `latchkey-server --config FILE`.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use latchkey_server::{Config, Server, SystemClock, SystemEntropy};
use tokio::signal;
use tracing_subscriber::filter::LevelFilter;

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_max_level(log_level(std::env::var("RUST_LOG").ok().as_deref()))
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            tracing::error!("{reason}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), String> {
    let path = config_path(std::env::args().skip(1))?;
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(&path).map_err(|error| format!("cannot read {shown}: {error}"))?;
    let config = Config::from_toml(&text).map_err(|error| format!("{shown}: {error}"))?;
    let issuer = config.issuer().to_owned();

    let server = Server::open(config, Arc::new(SystemClock), Arc::new(SystemEntropy::default()))
        .await
        .map_err(|error| error.to_string())?;
    let listener = server.bind().await.map_err(|error| error.to_string())?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    // On standard output, for whoever started us and waits for this line.
    let announced = writeln!(std::io::stdout(), "latchkey-server listens on http://{address} as {issuer}");
    announced.map_err(|error| format!("cannot write to standard output: {error}"))?;
    server.serve(listener, stop_signal()).await.map_err(|error| error.to_string())
}

/// How much is logged: `RUST_LOG` is `error`, `warn`, `info` or `off`. More is not offered, because the debug
/// output of libraries is not ours to keep free of personal data.
fn log_level(wish: Option<&str>) -> LevelFilter {
    wish.and_then(|level| level.parse().ok()).unwrap_or(LevelFilter::INFO).min(LevelFilter::INFO)
}

fn config_path(mut arguments: impl Iterator<Item = String>) -> Result<PathBuf, String> {
    match (arguments.next().as_deref(), arguments.next(), arguments.next()) {
        (Some("--config"), Some(path), None) => Ok(PathBuf::from(path)),
        _ => Err("usage: latchkey-server --config FILE (see latchkey.example.toml)".to_owned()),
    }
}

/// Is over when the process is asked to end.
async fn stop_signal() {
    let interrupted = signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut terminated) = signal::unix::signal(signal::unix::SignalKind::terminate()) else {
            interrupted.await.unwrap_or_default();
            return;
        };
        tokio::select! {
            _ = interrupted => {}
            _ = terminated.recv() => {}
        }
    }
    #[cfg(not(unix))]
    interrupted.await.unwrap_or_default();
}

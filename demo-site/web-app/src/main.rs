//! Starts the application: `latchkey-demo-web-app [--config FILE]`. What the file does not say, variables do. What goes wrong
//! between it and the identity server is said on the standard error.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use latchkey_demo_web_app::{App, Config};
use tokio::net::TcpListener;
use tokio::signal;
use tracing_subscriber::filter::LevelFilter;

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_max_level(LevelFilter::INFO)
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            let _unheard = writeln!(std::io::stderr(), "{reason}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), String> {
    let text = match config_file(std::env::args().skip(1))? {
        Some(file) => {
            std::fs::read_to_string(&file).map_err(|error| format!("cannot read {file}: {error}"))?
        }
        None => String::new(),
    };
    let config = Config::read(&text, |name| std::env::var(name).ok()).map_err(|error| error.to_string())?;
    let (listen, address) = (config.listen(), config.address().to_owned());
    let app = App::new(config).map_err(|error| format!("cannot make an HTTP client: {error}"))?;
    // Before the line below: whoever waits for it may end us as soon as it is there.
    let stop = stop_signal().map_err(|error| format!("cannot listen for signals: {error}"))?;
    let listener =
        TcpListener::bind(listen).await.map_err(|error| format!("cannot listen on {listen}: {error}"))?;
    writeln!(std::io::stdout(), "demo-web-app: {address}").map_err(|error| error.to_string())?;
    axum::serve(listener, app.router()).with_graceful_shutdown(stop).await.map_err(|error| error.to_string())
}

fn config_file(mut arguments: impl Iterator<Item = String>) -> Result<Option<String>, String> {
    const USAGE: &str = "usage: latchkey-demo-web-app [--config FILE]";
    match (arguments.next().as_deref(), arguments.next(), arguments.next()) {
        (None, ..) => Ok(None),
        (Some("--config"), Some(file), None) => Ok(Some(file)),
        _ => Err(USAGE.to_owned()),
    }
}

/// Resolves when somebody wants the program to end.
fn stop_signal() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    let mut interrupt = signal::unix::signal(signal::unix::SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

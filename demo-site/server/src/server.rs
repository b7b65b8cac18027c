//! A running server: its parts put together, its router, and the loop that keeps it tidy.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::sleep;

use crate::branding::Branding;
use crate::clock::Clock;
use crate::config::{Config, SeedUser};
use crate::entropy::{self, Entropy};
use crate::failure::Failure;
use crate::http;
use crate::identity_providers::IdentityProviders;
use crate::keys::{Keyring, Schedule};
use crate::mail::Mailer;
use crate::passkeys::Passkeys;
use crate::password::Passwords;
use crate::seals::Seals;
use crate::services::Services;
use crate::store::{self, OpenStoreError, Profile, Store, User};

/// An identity server, ready to answer.
#[derive(Clone)]
pub struct Server {
    services: Arc<Services>,
}

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct StartError {
    reason: String,
}

impl Server {
    /// Opens the database, makes what is missing in it (tables, signing key, seeded users), seals what is not sealed as it
    /// should be, and gets ready.
    ///
    /// # Errors
    /// When the database cannot be opened, with the key of the configuration that names it, or when something in it was
    /// sealed with a key that is not there.
    pub async fn open(
        config: Config,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, StartError> {
        let seals = Seals::read(&config).map_err(Failure::Configuration)?;
        let server = Self::open_with(config, clock, entropy, seals).await?;
        server.services.seal_all().await?;
        Ok(server)
    }

    /// The same for what an operator does by a command, which nobody signs in to: it works without the keys that secrets of
    /// apps are sealed with, because it is needed where one is lost.
    ///
    /// # Errors
    /// When the database cannot be opened, with the key of the configuration that names it.
    pub async fn open_for_command(
        config: Config,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, StartError> {
        Self::open_with(config, clock, entropy, Seals::default()).await
    }

    async fn open_with(
        config: Config,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        seals: Seals,
    ) -> Result<Self, StartError> {
        let store =
            Store::open(&config.database).await.map_err(|error| StartError::database(&config, &error))?;
        let services = assemble(config, clock, entropy, store, seals).await?;
        for user in &services.config.users {
            seed(&services, user).await?;
        }
        Ok(Self { services: Arc::new(services) })
    }

    /// Copies the database of this configuration into a new file, while a server may be using it.
    ///
    /// # Errors
    /// When there is no such database, or when the file exists already.
    pub async fn back_up(config: &Config, to: &Path) -> Result<(), StartError> {
        let from = config.database.display();
        store::back_up(&config.database, to).await.map_err(|error| StartError {
            reason: format!(
                "the database {from} (`server.database`) cannot be copied to {}: {error}",
                to.display()
            ),
        })
    }

    /// Everything that the server answers to, for a listener or for a test that calls it directly.
    pub fn router(&self) -> Router {
        http::router(Arc::clone(&self.services))
    }

    /// Listens where the configuration says.
    ///
    /// # Errors
    /// When the address cannot be used, with the way out.
    pub async fn bind(&self) -> Result<TcpListener, StartError> {
        let listen = &self.services.config.listen;
        TcpListener::bind(listen).await.map_err(|error| StartError::listen(listen, &error))
    }

    /// Answers until `stop` is over, then lets the answers under way finish, for ten seconds at most: somebody may have sent half a
    /// request and no more.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn serve(
        &self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), StartError> {
        let (go_on, told_to_end) = oneshot::channel::<()>();
        let tidying = tokio::spawn(keep_tidy(Arc::clone(&self.services), told_to_end));
        let service = self.router().into_make_service_with_connect_info::<SocketAddr>();
        let (stopping, stopped) = oneshot::channel::<()>();
        let stop = async move {
            stop.await;
            drop(stopping);
        };
        let serving = axum::serve(listener, service).with_graceful_shutdown(stop);
        let served = tokio::select! {
            served = serving => served,
            () = patience_after(stopped) => Ok(()),
        };
        // Let it finish what it is at: a connection that is let go of halfway could not be closed.
        drop(go_on);
        tidying.await.unwrap_or_default();
        self.close().await;
        served.map_err(|error| StartError { reason: format!("the listener failed: {error}") })
    }

    pub(crate) fn services(&self) -> &Services {
        &self.services
    }

    /// Forgets what has expired, and makes the signing keys that are due. [`Server::serve`] does so all the time.
    ///
    /// # Errors
    /// When the database cannot be written, or a key cannot be made.
    pub async fn tidy(&self) -> Result<(), StartError> {
        Ok(tidy(&self.services).await?)
    }

    /// Makes a new signing key for every authorization server, to take over as soon as all caches have it. Says
    /// when that is for each.
    ///
    /// # Errors
    /// When the database cannot be written, or a key cannot be made.
    pub async fn rotate_keys(&self) -> Result<Vec<String>, StartError> {
        let services = &self.services;
        let schedule = Schedule::of(&services.config);
        let mut changes = Vec::new();
        for server in services.config.authorization_servers() {
            let now = services.clock.now();
            let made = services.keys.force_rotation(&server.id, &schedule, now).await;
            let (kid, signs_from) = made.map_err(Failure::from)?;
            let issuer = server.issuer.as_str();
            changes.push(format!("{issuer}: key {kid} signs from {}", signs_from.iso_8601()));
        }
        Ok(changes)
    }

    /// Makes a new signing key for every authorization server, which signs from now on, and withdraws all others: every
    /// token that they have signed is worth nothing any more. Says the name of each.
    ///
    /// # Errors
    /// When the database cannot be written, or a key cannot be made. Then nothing has changed.
    pub async fn replace_keys(&self) -> Result<Vec<String>, StartError> {
        let services = &self.services;
        let servers = services.config.authorization_servers();
        let ids = servers.iter().map(|server| server.id.as_str());
        let kids = services.keys.replace_all(ids, services.clock.now()).await.map_err(Failure::from)?;
        let said = servers.iter().zip(kids).map(|(server, kid)| {
            format!("{}: key {kid} signs from now on, all others are withdrawn", server.issuer.as_str())
        });
        Ok(said.collect())
    }

    /// Writes everything to the database file and lets go of it.
    pub async fn close(&self) {
        self.services.store.close().await;
    }
}

impl StartError {
    fn database(config: &Config, error: &OpenStoreError) -> Self {
        let path = config.database.display();
        Self { reason: format!("the database {path} (`server.database`) cannot be opened: {error}") }
    }

    fn listen(listen: &str, error: &std::io::Error) -> Self {
        let way_out = match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                "another program listens there: stop it, or set `server.listen` to a free port (and \
                 `server.issuer` to match)"
            }
            _ => "set `server.listen` to an address of this machine and a port that you may use",
        };
        Self { reason: format!("cannot listen on {listen} (`server.listen`): {error}; {way_out}") }
    }
}

impl From<Failure> for StartError {
    fn from(failure: Failure) -> Self {
        Self { reason: failure.to_string() }
    }
}

async fn assemble(
    config: Config,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    store: Store,
    seals: Seals,
) -> Result<Services, Failure> {
    let candidate: [u8; 32] = entropy::array(&*entropy)?;
    let servers = config.authorization_servers();
    if let Some(first) = servers.first() {
        store.adopt(&first.id).await?;
    }
    let keys = Keyring::open(&store, servers.iter().map(|server| server.id.as_str()), clock.now()).await?;
    let has_providers = !config.identity_providers.is_empty();
    let identity_providers =
        has_providers.then(IdentityProviders::new).transpose().map_err(Failure::Certificates)?;
    Ok(Services {
        passkeys: Passkeys::new(&config).map_err(Failure::from)?,
        passwords: Passwords::new().map_err(Failure::from)?,
        keys,
        mailer: Mailer::new(&config.mail)?,
        identity_providers,
        branding: Branding::read(&config).map_err(Failure::Configuration)?,
        seals,
        reference_key: store.secret("reference", &candidate).await?,
        config,
        clock,
        entropy,
        store,
    })
}

/// Adds a user of the configuration, if the address has no account yet. One that is there is left alone: the
/// password may have been changed since.
async fn seed(services: &Services, seed: &SeedUser) -> Result<(), Failure> {
    let email = seed.email.trim().to_lowercase();
    if services.store.user_by_email(&email).await?.is_some() {
        return Ok(());
    }
    let entropy = &*services.entropy;
    let password_hash = match &seed.password {
        Some(password) => Some(services.passwords.hash(entropy, password).await?),
        None => None,
    };
    let names = [("firstName", &seed.first_name), ("lastName", &seed.last_name)];
    let user = User {
        id: format!("00u{}", entropy::unique(entropy)?),
        email,
        email_verified: seed.password.is_some(),
        profile: names.map(|(name, value)| (name.to_owned(), value.clone())).into_iter().collect::<Profile>(),
        password_hash,
        updated_at: services.clock.now(),
    };
    services.store.add_user(&user).await?;
    Ok(())
}

/// Is over when whoever still asks has had the time to be answered, counted from the end of `stopped`.
async fn patience_after(stopped: oneshot::Receiver<()>) {
    const PATIENCE: Duration = Duration::from_secs(10);
    // Told by nothing being sent.
    stopped.await.unwrap_or_default();
    sleep(PATIENCE).await;
}

/// Tidies now and then. Nothing depends on when: what has expired is not used in any case, and keys are made long
/// before they sign.
async fn keep_tidy(services: Arc<Services>, mut told_to_end: oneshot::Receiver<()>) {
    let mut interval = tokio::time::interval(Duration::from_secs(60));
    loop {
        tokio::select! {
            _ = interval.tick() => {}
            _ = &mut told_to_end => return,
        }
        if let Err(error) = tidy(&services).await {
            tracing::error!(%error, "the server could not tidy up");
        }
    }
}

async fn tidy(services: &Services) -> Result<(), Failure> {
    let now = services.clock.now();
    services.store.purge(now).await?;
    let schedule = Schedule::of(&services.config);
    for server in services.config.authorization_servers() {
        services.keys.rotate_if_due(&server.id, &schedule, now).await?;
    }
    Ok(())
}

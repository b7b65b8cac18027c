//! One request of the core, by fetch. Cookies of the issuer go along, redirects are not followed.

use gloo_net::http::RequestBuilder;
use latchkey_core::{
    Secret,
    error::NetworkError,
    io::{Body, Method, Request, Response},
};
use web_sys::{AbortController, RequestCache, RequestCredentials, RequestMode, RequestRedirect};

use super::clock::{self, Timer};

/// Longer than a slow policy evaluation, shorter than anybody's patience.
const LONGEST_WAIT: u32 = 30_000;

/// Aborts its request when it is dropped.
#[must_use]
#[derive(Debug)]
pub(crate) struct Abort(Option<AbortController>);

impl Abort {
    pub(crate) fn new() -> Self {
        Self(AbortController::new().ok())
    }

    pub(super) fn signal(&self) -> Option<web_sys::AbortSignal> {
        self.0.as_ref().map(AbortController::signal)
    }

    /// Something that aborts after the longest wait, for as long as it is kept.
    pub(crate) fn timeout(&self) -> Timer {
        let controller = self.0.clone();
        Timer::after(LONGEST_WAIT, move || {
            if let Some(controller) = controller {
                controller.abort();
            }
        })
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

/// Sends a request; the future is lazy, so the signal is taken now. `language` is the one that the answer should be in:
/// the browser's own where it is empty.
pub(crate) fn send(
    request: Request,
    language: &str,
    abort: &Abort,
) -> impl Future<Output = Result<Response, NetworkError>> + use<> {
    let (signal, timeout) = (abort.signal(), abort.timeout());
    let language = language.to_owned();
    async move {
        let answer = fetched(request, &language, signal.as_ref()).await;
        drop(timeout);
        let is_aborted = signal.is_some_and(|signal| signal.aborted());
        answer.ok_or(if is_aborted { NetworkError::TimedOut } else { NetworkError::Unreachable })
    }
}

async fn fetched(
    request: Request,
    language: &str,
    signal: Option<&web_sys::AbortSignal>,
) -> Option<Response> {
    let method = match request.method {
        Method::Get => gloo_net::http::Method::GET,
        Method::Post => gloo_net::http::Method::POST,
    };
    let credentials =
        if request.has_cookies { RequestCredentials::Include } else { RequestCredentials::Omit };
    let builder = RequestBuilder::new(&request.url)
        .method(method)
        .header("Accept", &request.accept)
        .mode(RequestMode::Cors)
        .credentials(credentials)
        .redirect(RequestRedirect::Error)
        .abort_signal(signal);
    // Safelisted: cross-origin requests need no preflight for it (Fetch Standard, "CORS-safelisted request-header").
    let builder = if language.is_empty() { builder } else { builder.header("Accept-Language", language) };
    let builder = if request.is_fresh { builder.cache(RequestCache::Reload) } else { builder };
    let request = match request.body {
        Body::Empty => builder.build(),
        Body::Form(text) => {
            builder.header("Content-Type", "application/x-www-form-urlencoded").body(text.into_exposed())
        }
        Body::Json { content_type, text } => {
            builder.header("Content-Type", content_type).body(text.into_exposed())
        }
    };
    let response = request.ok()?.send().await.ok()?;
    let header = |name: &str| response.headers().get(name);
    Some(Response {
        status: response.status(),
        retry_after: header("Retry-After").and_then(|seconds| seconds.parse().ok()),
        date: header("Date").and_then(|date| clock::parsed(&date)),
        request_id: header("X-Okta-Request-Id"),
        body: Secret::new(response.text().await.ok()?),
    })
}

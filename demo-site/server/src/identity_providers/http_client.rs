//! Asks another server something: one request, one bounded answer in bounded time.
//!
//! Redirects are not followed: an endpoint is where discovery says it is, and credentials go nowhere else.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Request, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

use super::ProviderError;

/// A client for HTTP/1.1, with the certificates that the machine trusts.
#[derive(Debug)]
pub(super) struct HttpClient {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

/// An answer that came in time and is JSON.
pub(super) struct JsonAnswer {
    pub(super) status: StatusCode,
    pub(super) body: Value,
}

impl HttpClient {
    pub(super) fn new() -> std::io::Result<Self> {
        // http:// is for providers on the same machine; which addresses are allowed is checked where they come from.
        let connector =
            HttpsConnectorBuilder::new().with_native_roots()?.https_or_http().enable_http1().build();
        Ok(Self { client: Client::builder(TokioExecutor::new()).build(connector) })
    }

    /// Sends a request and reads the JSON that it is answered with.
    pub(super) async fn json(
        &self,
        request: Request<Full<Bytes>>,
        timeout: Duration,
    ) -> Result<JsonAnswer, ProviderError> {
        let address = request.uri().to_string();
        let unreachable = |reason: String| ProviderError::Unreachable(format!("{address}: {reason}"));
        let (status, body) = match tokio::time::timeout(timeout, self.exchange(request)).await {
            Err(_) => return Err(unreachable("no answer in time".to_owned())),
            Ok(Err(reason)) => return Err(unreachable(reason)),
            Ok(Ok(answer)) => answer,
        };
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Err(unreachable(format!("status {status}")));
        }
        match serde_json::from_slice(&body) {
            Ok(body) => Ok(JsonAnswer { status, body }),
            Err(_) => Err(ProviderError::Unsound(format!("{address}: the answer ({status}) is not JSON"))),
        }
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<(StatusCode, Bytes), String> {
        // The largest honest answer is a key set with certificates: some ten kilobytes.
        const LIMIT: usize = 256 * 1024;
        let answer = self.client.request(request).await.map_err(|error| describe(&error))?;
        let status = answer.status();
        let body =
            Limited::new(answer.into_body(), LIMIT).collect().await.map_err(|error| error.to_string())?;
        Ok((status, body.to_bytes()))
    }
}

/// An error with what it comes from: "client error (Connect)" alone helps nobody.
fn describe(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

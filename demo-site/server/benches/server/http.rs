//! One connection to the server, kept alive as a browser keeps it.

use std::net::SocketAddr;

use axum::body::Body;
use axum::http::Request;
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use http_body_util::BodyExt as _;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::Outcome;

/// See the head of the file.
pub(crate) struct Connection(SendRequest<Body>);

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self(sender))
    }

    pub(crate) async fn json(&mut self, endpoint: &str, body: &Value) -> Outcome<Value> {
        self.post(&format!("/idp/idx/{endpoint}"), "application/json", body.to_string()).await
    }

    pub(crate) async fn form(&mut self, endpoint: &str, params: &[(&str, &str)]) -> Outcome<Value> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish();
        self.post(&format!("/oauth2/default/v1/{endpoint}"), "application/x-www-form-urlencoded", body).await
    }

    async fn post(&mut self, path: &str, media_type: &str, body: String) -> Outcome<Value> {
        let request = Request::post(path)
            .header(HOST, "localhost:4401")
            .header(ORIGIN, "http://localhost:4400")
            .header(CONTENT_TYPE, media_type)
            .body(Body::from(body))?;
        self.0.ready().await?;
        let response = self.0.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        if !status.is_success() {
            return Err(format!("{path} answered {status}: {}", String::from_utf8_lossy(&body)).into());
        }
        Ok(serde_json::from_slice(&body)?)
    }
}

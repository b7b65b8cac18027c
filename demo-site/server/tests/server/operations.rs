//! What `docs/operations.md` has operators type into the database does what it says.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;

use crate::browser::{Browser, demo, hosting, redeem, returned};
use crate::support::TestServer;

const PAGE: &str = include_str!("../../../../docs/operations.md");

/// The statements of the line that begins with this.
fn statements(beginning: &str) -> String {
    let lines =
        PAGE.lines().filter_map(|line| line.strip_prefix("sqlite3 /var/lib/latchkey/latchkey.sqlite \""));
    let mut found = lines.filter(|line| line.starts_with(beginning));
    let (found, next) = (found.next().expect("no such line"), found.next());
    assert_eq!(next, None);
    // As a shell reads it.
    found.strip_suffix('"').unwrap().replace("\\\"", "\"")
}

/// What `sqlite3` does.
pub(crate) async fn carry_out(server: &TestServer, beginning: &str, name: &str) {
    let statements = statements(beginning).replace("NAME", name);
    let path = server.folder.path().join("server.sqlite");
    let database = sqlx::SqlitePool::connect(path.to_str().unwrap()).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(statements)).execute(&database).await.unwrap();
    database.close().await;
}

const TV: &str = r#"
    [[clients]]
    client_id = "tv"
    grant_types = ["urn:ietf:params:oauth:grant-type:device_code"]
"#;

#[tokio::test]
async fn after_a_leak_nothing_from_before_is_worth_anything() {
    let server = hosting(TV).await;
    let client = server.client();
    let mut browser = Browser::new(&server);
    let code = returned(&browser.sign_in(&demo(&[])).await)["code"].clone();
    let tokens = redeem(&server, &code).await.json();
    let unredeemed = returned(&browser.authorize(&demo(&[])).await)["code"].clone();
    let params = [("client_id", "tv"), ("scope", "openid")];
    let codes = client.call("/oauth2/default/v1/device/authorize", &params, &[]).await.json();
    let page = browser.get("/activate").await;
    let mut page = browser.begin(&page).await;
    page.post("device/activate", json!({ "userCode": codes["user_code"] })).await;
    page.post("consent", json!({ "consent": true })).await;
    assert_eq!(page.answer.messages(), ["idx.device.activated"]);

    server.close().await;
    carry_out(&server, "UPDATE grants", "").await;
    let server = server.restart().await;
    server.server().replace_keys().await.unwrap();
    server.pass(Duration::from_secs(5));

    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    let params =
        [("grant_type", "refresh_token"), ("client_id", "demo-spa"), ("refresh_token", refresh_token)];
    assert_eq!(server.client().form("token", &params).await.error(), "invalid_grant");
    assert_eq!(redeem(&server, &unredeemed).await.error(), "invalid_grant");
    let grant_type = "urn:ietf:params:oauth:grant-type:device_code";
    let device_code = codes["device_code"].as_str().unwrap();
    let params = [("grant_type", grant_type), ("client_id", "tv"), ("device_code", device_code)];
    let answer = server.client().call("/oauth2/default/v1/token", &params, &[]).await;
    assert_eq!(answer.error(), "invalid_grant");
    let bearer = tokens["access_token"].as_str().unwrap();
    let answer = server.client().bearer("/oauth2/default/v1/userinfo", bearer).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let mut again = Browser::new(&server);
    again.take_cookies_of(&browser);
    let silent = again.authorize(&demo(&[("prompt", "none")])).await;
    assert_eq!(returned(&silent)["error"], "login_required");
    let code = returned(&again.sign_in(&demo(&[])).await)["code"].clone();
    assert_eq!(redeem(&server, &code).await.status, StatusCode::OK);
}

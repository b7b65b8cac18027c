//! An identity server that does not do what it should: what the person is shown.

use crate::browser::Browser;
use crate::identity_server::WITHOUT_ID_TOKEN;

#[tokio::test]
async fn a_missing_id_token_is_called_missing() {
    let mut browser = Browser::start().await;
    let departure = browser.get("/sign-in").await.departure();
    let back = departure.back_with(&format!("code={WITHOUT_ID_TOKEN}"));
    browser.get(&back).await.assert_problem(502, "id_token.missing");
}

//! The security question.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::TestServer;

const POLICY: &str =
    "[policy]\nsecond_factor = \"if_enrolled\"\n[policy.authenticators]\nsecurity_question = \"optional\"";

async fn with_question(credentials: Value) -> TestServer {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = server.client().after_password().await;
    page.set_up("autquestion").await;
    assert!(page.answer_with(credentials).await.is_signed_in(), "{}", page.answer.text());
    server
}

#[tokio::test]
async fn there_are_questions_to_choose_from_and_room_for_ones_own() {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = server.client().after_password().await;
    let answer = page.set_up("autquestion").await;
    let context = answer.context();
    assert_eq!(context["questionKeys"][0], context["questions"][0]["questionKey"]);
    let credentials = answer.field("credentials");
    assert_eq!(credentials["type"], "object");
    let chosen = &credentials["options"][0]["value"]["form"]["value"];
    assert_eq!(
        (&chosen[0]["name"], &chosen[0]["options"][0]["value"]),
        (&json!("questionKey"), &context["questionKeys"][0])
    );
    let own = &credentials["options"][1]["value"]["form"]["value"];
    assert_eq!((&own[0]["value"], &own[0]["mutable"]), (&json!("custom"), &json!(false)));
    assert_eq!((&own[1]["name"], &own[2]["name"]), (&json!("question"), &json!("answer")));
}

#[tokio::test]
async fn a_chosen_question_is_asked_and_case_and_blanks_do_not_matter() {
    let server = with_question(json!({ "questionKey": "favorite_toy", "answer": "The Bear" })).await;
    let client = server.client();
    let mut page = client.after_password().await;
    assert_eq!(page.answer.remediations(), ["challenge-authenticator"]);
    let asked = page.answer.context()["enrolledQuestion"].clone();
    assert_eq!(asked["questionKey"], "favorite_toy");
    assert_eq!(page.answer.field("credentials.questionKey")["value"], "favorite_toy");
    assert_eq!(page.answer.field("credentials.answer")["secret"], true);
    let answer = json!({ "questionKey": "favorite_toy", "answer": " the  BEAR " });
    assert!(page.answer_with(answer).await.is_signed_in());
    // Two things that one knows are not two factors.
    assert_eq!(client.amr(&page).await, json!(["pwd", "kba"]));
}

#[tokio::test]
async fn a_question_of_ones_own_is_asked_in_ones_own_words() {
    let own = json!({ "questionKey": "custom", "question": "Which street?", "answer": "Elm Street" });
    let server = with_question(own).await;
    let mut page = server.client().after_password().await;
    let asked = json!({ "questionKey": "custom", "question": "Which street?" });
    assert_eq!(page.answer.context()["enrolledQuestion"], asked);
    let answer = page.answer_with(json!({ "answer": "Oak Street" })).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.messages_in("credentials.answer"), ["errors.E0000068"]);
    assert_eq!(
        page.answer_with(json!({})).await.messages_in("credentials.answer"),
        ["model.validation.field.blank"]
    );
    assert!(page.answer_with(json!({ "answer": "elm street" })).await.is_signed_in());
}

#[tokio::test]
async fn what_cannot_be_kept_is_named() {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = server.client().after_password().await;
    page.set_up("autquestion").await;
    let cases = [
        (json!({ "questionKey": "favorite_toy", "answer": "abc" }), "securityQuestion.answer.tooShort.arg"),
        (json!({ "questionKey": "favorite_toy", "answer": "  " }), "model.validation.field.blank"),
        (json!({ "questionKey": "no_such", "answer": "an answer" }), "model.validation.field.blank"),
        (
            json!({ "questionKey": "custom", "question": " ", "answer": "an answer" }),
            "model.validation.field.blank",
        ),
    ];
    for (credentials, key) in cases {
        let answer = page.answer_with(credentials.clone()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        let options = answer.field("credentials")["options"].to_string();
        assert!(options.contains(key), "{credentials}: {options}");
    }
}

#[tokio::test]
async fn the_answer_is_not_in_the_database() {
    let server = with_question(json!({ "questionKey": "favorite_toy", "answer": "unmistakable" })).await;
    server.close().await;
    let bytes = std::fs::read(server.folder.path().join("server.sqlite")).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("favorite_toy") && !text.contains("unmistakable"));
}

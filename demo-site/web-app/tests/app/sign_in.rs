//! Signing in, as it should go.

use crate::browser::Browser;

mod given_a_guarded_page {
    use super::*;

    #[tokio::test]
    async fn a_person_comes_back_to_it_signed_in() {
        let mut browser = Browser::start().await;
        let departure = browser.get("/workshop/tools?shelf=2").await.departure();
        assert_eq!(browser.get(&departure.back_as("pat")).await.location(), "/workshop/tools?shelf=2");
        assert!(browser.get("/workshop/tools?shelf=2").await.body.contains("Hello, pat."));
        let mut elsewhere = browser.elsewhere();
        assert!(elsewhere.get("/").await.body.contains("You are not signed in."));
    }
}

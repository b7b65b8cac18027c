//! The look of the server's own page: name, logo, colours, template, and the page that edits it.

use std::path::PathBuf;

use axum::http::StatusCode;
use latchkey_server::{Config, Server, SystemClock, SystemEntropy};
use tempfile::TempDir;

use crate::browser::{Browser, OWN_ORIGIN, configuration, demo, hosting};
use crate::support::{self, ORIGIN};

const TEMPLATE: &str = "<!doctype html><title>{{title}}</title>{{style_links}}\n<style nonce=\"{{nonce}}\">b{}</style>\n\
                        <b>{{brand_name}} {{client_name}}</b><img src=\"{{logo_url}}\">{{widget}}";

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn path(folder: &TempDir, name: &str) -> PathBuf {
    folder.path().join(name)
}

/// Why a server with these tables does not start.
async fn start_error(tables: &str) -> String {
    let database = tempfile::tempdir().unwrap();
    let config = support::configuration(&database.path().join("x.sqlite"), tables);
    let config = Config::from_toml(&config).unwrap();
    let started =
        Server::open(config, std::sync::Arc::new(SystemClock), std::sync::Arc::new(SystemEntropy::default()))
            .await;
    started.err().expect("an error").to_string()
}

#[tokio::test]
async fn name_and_colours_are_on_the_page() {
    let server = hosting(
        "[brand]\nname = \"Towpath <Co-op>\"\n[brand.colors]\naccent = \"#123456\"\ntext_quiet = \"light-dark(#111, #eee)\"",
    )
    .await;
    let page = Browser::new(&server).authorize(&demo(&[])).await.text();
    assert!(page.contains("<title>Demo app – Towpath &lt;Co-op&gt;</title>"), "{page}");
    let css = server.client().get("/hosted/brand.css").await;
    assert!(css.header("content-type").starts_with("text/css"));
    assert!(css.text().contains("--latchkey-color-accent: #123456;"));
    assert!(css.text().contains("--latchkey-color-text-quiet: light-dark(#111, #eee);"));
    assert_eq!(server.client().get("/hosted/logo").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_template_of_the_operators_takes_the_place_of_the_page() {
    let files = folder(&[("page.html", TEMPLATE), ("logo.svg", "<svg/>")]);
    let tables = format!(
        "[brand]\nname = \"Co-op\"\ntemplate = {:?}\nlogo = {:?}",
        path(&files, "page.html"),
        path(&files, "logo.svg")
    );
    let server = hosting(&tables).await;
    let mut browser = Browser::new(&server);
    let page = browser.authorize(&demo(&[])).await;
    let html = page.text();
    assert!(html.contains("<b>Co-op Demo app</b><img src=\"/hosted/logo\">"), "{html}");
    // The style of the template is allowed by its nonce, and nothing else in it is.
    let (_, rest) = html.split_once("nonce=\"").unwrap();
    let nonce = rest.split_once('"').unwrap().0;
    let policy = page.header("content-security-policy");
    assert!(policy.contains(&format!("style-src 'self' 'nonce-{nonce}';")), "{policy}");
    assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"), "{policy}");
    assert!(browser.begin(&page).await.answer.remediations().contains(&"identify".to_owned()));
    let logo = server.client().get("/hosted/logo").await;
    assert_eq!((logo.header("content-type"), logo.text().as_str()), ("image/svg+xml", "<svg/>"));
}

#[tokio::test]
async fn a_template_that_went_bad_meanwhile_keeps_nobody_out() {
    let files = folder(&[("page.html", TEMPLATE)]);
    let server = hosting(&format!("[brand]\ntemplate = {:?}", path(&files, "page.html"))).await;
    std::fs::write(path(&files, "page.html"), "oops").unwrap();
    let page = Browser::new(&server).authorize(&demo(&[])).await;
    assert!(page.text().contains("class=\"hosted\""));
}

#[tokio::test]
async fn mistakes_are_named_at_the_start() {
    let files = folder(&[("page.html", "{{style_links}}\n{{wigdet}}"), ("latchkey.js", "")]);
    let template = path(&files, "page.html");
    let error = start_error(&format!("[brand]\ntemplate = {template:?}")).await;
    assert!(error.contains("`brand.template`"), "{error}");
    assert!(error.contains("line 2: there is no {{wigdet}}; did you mean {{widget}}?"), "{error}");
    let error = start_error("[brand]\nlogo = \"nowhere.svg\"").await;
    assert!(error.contains("`brand.logo` names nowhere.svg"), "{error}");
    let error = start_error("[hosted]\nwidget = \"nowhere\"").await;
    assert!(error.contains("`hosted.widget` names nowhere"), "{error}");
    let error = start_error(&format!("[hosted]\nwidget = {:?}", files.path())).await;
    assert!(error.contains("it has no latchkey.css"), "{error}");
}

#[test]
fn keys_that_cannot_work_are_refused() {
    let mistake = |tables: &str| {
        let config = support::configuration(&PathBuf::from("x.sqlite"), tables);
        Config::from_toml(&config).expect_err("a mistake").to_string()
    };
    assert!(
        mistake("[brand.colors]\naccent = \"red; }\"")
            .contains("`brand.colors.accent` must be a colour of CSS")
    );
    assert!(mistake("[brand.colors]\nacent = \"red\"").contains("did you mean `accent`?"));
    assert!(mistake("[brand]\nlogo = \"logo.exe\"").contains("`brand.logo` must be a file"));
    let smtp = "[mail.smtp]\nhost = \"localhost\"\nfrom = \"a@example.com\"\n[hosted]\neditor = true";
    assert!(mistake(smtp).contains("`hosted.editor` needs `mail.inbox`"));
    assert!(
        mistake("[policy.session]\nremember_me = \"always\"").contains("\"never\", \"ask\", \"checkbox\"")
    );
}

mod the_editor {
    use super::*;

    #[tokio::test]
    async fn is_not_there_unless_it_is_asked_for() {
        let server = hosting("").await;
        assert_eq!(server.client().get("/template").await.status, StatusCode::NOT_FOUND);
    }

    async fn editing(files: &TempDir) -> support::TestServer {
        let path = path(files, "page.html");
        let tables = format!("editor = true\n[brand]\ntemplate = {path:?}");
        support::TestServer::with_policy(&configuration(&tables)).await
    }

    #[tokio::test]
    async fn shows_the_template_and_what_may_stand_in_it() {
        let files = folder(&[("page.html", TEMPLATE)]);
        let server = editing(&files).await;
        let page = server.client().get("/template").await;
        let html = page.text();
        assert!(html.contains("&lt;!doctype html&gt;&lt;title&gt;{{title}}"), "{html}");
        for place in ["{{widget}}", "{{style_links}}", "{{nonce}}"] {
            assert!(html.contains(&format!("<dt><code>{place}</code></dt>")), "{place}");
        }
        assert!(!page.header("content-security-policy").contains("script-src"), "it needs none");
    }

    #[tokio::test]
    async fn keeps_what_is_good_and_says_what_is_not() {
        let files = folder(&[("page.html", TEMPLATE)]);
        let server = editing(&files).await;
        let mut browser = Browser::new(&server);
        let bad = [("template", "<p>{{widget}}{{sytle_links}}"), ("do", "save")];
        let answer = browser.post(OWN_ORIGIN, "/template", &bad).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let html = answer.text();
        assert!(
            html.contains("line 1: there is no {{sytle_links}}; did you mean {{style_links}}?"),
            "{html}"
        );
        assert!(html.contains("{{style_links}} is missing"));
        assert!(html.contains("&lt;p&gt;{{widget}}{{sytle_links}}"), "what was typed is not lost");
        assert_eq!(std::fs::read_to_string(path(&files, "page.html")).unwrap(), TEMPLATE);

        let good = [("template", "<i>new</i>{{widget}}{{style_links}}"), ("do", "save")];
        let answer = browser.post(OWN_ORIGIN, "/template", &good).await;
        assert_eq!(answer.header("location"), "/template?saved=yes");
        let page = browser.authorize(&demo(&[])).await.text();
        assert!(page.starts_with("<i>new</i>"), "{page}");
    }

    #[tokio::test]
    async fn previews_with_the_real_widget_in_a_frame_that_can_do_nothing_else() {
        let files = folder(&[("page.html", TEMPLATE)]);
        let server = editing(&files).await;
        let mut browser = Browser::new(&server);
        let draft = [("template", "<i>draft</i>{{widget}}{{style_links}}"), ("do", "preview")];
        let editor = browser.get("/template").await.text();
        assert!(editor.contains("formaction=\"/template/preview\" formtarget=\"preview\""));
        assert!(editor.contains(
            "<iframe name=\"preview\" title=\"Preview\" sandbox=\"allow-scripts allow-same-origin"
        ));
        let preview = browser.post(OWN_ORIGIN, "/template/preview", &draft).await;
        assert!(preview.text().starts_with("<i>draft</i>"));
        assert_eq!(browser.begin(&preview).await.answer.remediations().first().unwrap(), "identify");
        let policy = preview.header("content-security-policy");
        assert!(
            policy.contains("frame-ancestors 'self'") && policy.contains("trusted-types 'none'"),
            "{policy}"
        );
        assert_eq!(std::fs::read_to_string(path(&files, "page.html")).unwrap(), TEMPLATE);
    }

    #[tokio::test]
    async fn can_be_taken_home_where_no_file_is_configured() {
        let server = support::TestServer::with_policy(&configuration("editor = true")).await;
        let mut browser = Browser::new(&server);
        let params = [("template", "<i>mine</i>{{widget}}{{style_links}}"), ("do", "download")];
        let answer = browser.post(OWN_ORIGIN, "/template", &params).await;
        assert_eq!(answer.header("content-disposition"), "attachment; filename=\"sign-in.html\"");
        assert_eq!(answer.text(), "<i>mine</i>{{widget}}{{style_links}}");
        let params = [("template", "{{widget}}{{style_links}}"), ("do", "save")];
        assert_eq!(browser.post(OWN_ORIGIN, "/template", &params).await.status, StatusCode::CONFLICT);
    }

    #[tokio::test]
    async fn takes_forms_of_its_own_page_alone() {
        let files = folder(&[("page.html", TEMPLATE)]);
        let server = editing(&files).await;
        let params =
            [("template", "<script src=//evil.test></script>{{widget}}{{style_links}}"), ("do", "save")];
        for origin in [ORIGIN, "http://evil.test", "null"] {
            for path in ["/template", "/template/preview"] {
                let answer = Browser::new(&server).post(origin, path, &params).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{origin} {path}");
            }
        }
        assert_eq!(std::fs::read_to_string(path(&files, "page.html")).unwrap(), TEMPLATE);
    }
}

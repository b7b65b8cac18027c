//! Configurations: the ones that come with the server, and mistakes.

use latchkey_server::Config;

const GOOD: &str = r#"
[server]
issuer = "https://id.example.com/oauth2/default"
database = "x.sqlite"

[[clients]]
client_id = "spa"
redirect_uris = ["https://app.example.com/callback"]
origins = ["https://app.example.com"]

[mail]
inbox = true
"#;

/// What the server says to the good configuration with one piece of text replaced.
fn mistake(good: &str, bad: &str) -> String {
    assert!(GOOD.contains(good));
    Config::from_toml(&GOOD.replace(good, bad)).expect_err("a mistake").to_string()
}

/// What it says to the good configuration with these tables after it.
fn mistake_in(tables: &str) -> String {
    Config::from_toml(&format!("{GOOD}\n{tables}")).expect_err("a mistake").to_string()
}

#[test]
fn the_least_there_can_be() {
    let config = Config::from_toml(GOOD).unwrap();
    assert_eq!(config.issuer(), "https://id.example.com/oauth2/default");
    assert_eq!(config.listen(), "127.0.0.1:4401");
}

#[test]
fn the_demo_is_where_everybody_looks_for_it() {
    let config = Config::from_toml(include_str!("../../demo.toml")).unwrap();
    assert_eq!(config.issuer(), "http://localhost:4401/oauth2/default");
    assert_eq!(config.listen(), "127.0.0.1:4401");
}

#[test]
fn the_example_is_good_and_so_is_every_line_that_it_leaves_to_the_default() {
    let example = include_str!("../../latchkey.example.toml");
    Config::from_toml(example).unwrap();
    // A line that is commented out is a key; a comment has a space after its sign.
    let everything: String = example
        .split("# Keeps mails on a page")
        .take(1)
        .flat_map(str::lines)
        .map(|line| match line.strip_prefix('#') {
            Some(key) if !key.starts_with(' ') => format!("{key}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    assert!(everything.contains("\nper_account = 10\n"));
    Config::from_toml(&everything).unwrap();
}

#[test]
fn an_unknown_key_is_named_with_the_nearest_one() {
    assert_eq!(mistake("issuer =", "isuer ="), "unknown key `isuer` in [server]; did you mean `issuer`?");
    assert_eq!(
        mistake("redirect_uris =", "redirect_uri ="),
        "unknown key `redirect_uri` in [clients[0]]; did you mean `redirect_uris`?"
    );
    assert_eq!(
        mistake_in("[policy.password]\nmin_lenght = 8"),
        "unknown key `min_lenght` in [policy.password]; did you mean `min_length`?"
    );
    assert_eq!(mistake_in("[polcy]"), "unknown key `polcy` at the top level; did you mean `policy`?");
    assert_eq!(mistake_in("[zzzzzzzzzz]"), "unknown key `zzzzzzzzzz` at the top level");
}

#[test]
fn a_missing_key_is_named() {
    assert_eq!(mistake("database = \"x.sqlite\"", ""), "missing key `server.database`");
    assert_eq!(mistake("client_id = \"spa\"", ""), "missing key `clients[0].client_id`");
    assert_eq!(
        Config::from_toml(
            "[server]\nissuer = \"https://id.example.com\"\ndatabase = \"x\"\n[mail]\ninbox = true"
        )
        .expect_err("a mistake")
        .to_string(),
        "missing key `clients`"
    );
}

#[test]
fn a_wrong_type_is_named() {
    assert_eq!(
        mistake("database = \"x.sqlite\"", "database = 3"),
        "`server.database` must be a string, but it is of type integer"
    );
    assert_eq!(
        mistake("origins = [\"https://app.example.com\"]", "origins = \"https://app.example.com\""),
        "`clients[0].origins` must be an array of strings, but it is of type string"
    );
    assert_eq!(
        mistake_in("[policy]\nidentifier_first = \"yes\""),
        "`policy.identifier_first` must be true or false, but it is of type string"
    );
    assert_eq!(
        mistake_in("[policy.attempts]\nper_account = \"3\""),
        "`policy.attempts.per_account` must be a whole number, but it is of type string"
    );
}

#[test]
fn a_value_that_cannot_be_used_is_named() {
    for (tables, expected) in [
        (
            "[policy.lifetimes]\ninteraction_code = \"60\"",
            "`policy.lifetimes.interaction_code` must be a duration with its unit, such as \"90s\" or \"1h\"",
        ),
        (
            "[policy.lifetimes]\ntransaction = \"0s\"",
            "`policy.lifetimes.transaction` must be longer than nothing",
        ),
        ("[server.dpop]\nnonce = \"yes\"", "`server.dpop.nonce` must be one of \"none\", \"required\""),
        (
            "[server.dpop]\nnonce_lifetime = \"9s\"",
            "`server.dpop.nonce_lifetime` must be ten seconds at least",
        ),
        ("[server.dpop]\nproof_lifetime = \"2h\"", "`server.dpop.proof_lifetime` must be an hour at most"),
        (
            "[server.dpop]\nproof_lifetime = \"1ms\"",
            "`server.dpop.proof_lifetime` must be ten seconds at least",
        ),
        (
            "[server.dpop]\nnonce = \"required\"\nnonce_lifetime = \"1y\"",
            "`server.dpop.nonce_lifetime` must be an hour at most",
        ),
        (
            "[server.dpop]\nnonce_lifetime = \"5m\"",
            "`server.dpop.nonce_lifetime` is for proofs with a nonce: leave it out, or set `nonce` to \"required\"",
        ),
        (
            "[server.dpop]\nnonce = \"required\"\nproof_lifetime = \"5m\"",
            "`server.dpop.proof_lifetime` is for proofs without a nonce: leave it out, or set `nonce` to \"none\"",
        ),
        (
            "[[clients]]\nclient_id = \"old\"\nredirect_uris = [\"https://old.example.com/\"]\n\
             grant_types = [\"implicit\"]\nresponse_types = [\"id_token token\"]\n\
             dpop_bound_access_tokens = true",
            "`clients[1].dpop_bound_access_tokens` excludes \"token\" in `response_types`",
        ),
        ("[policy.password]\nmin_length = 0", "`policy.password.min_length` must be between 1 and 128"),
        ("[policy.password]\nhistory = -1", "`policy.password.history` must be between 0 and 24"),
        (
            "[policy.registration]\npassword = \"maybe\"",
            "`policy.registration.password` must be one of \"required\", \"optional\"",
        ),
        (
            "[[policy.registration.fields]]\nname = \"email\"",
            "`policy.registration.fields[0].name` must be letters and digits, and not \"email\", which is always asked",
        ),
    ] {
        assert_eq!(mistake_in(tables), expected);
    }
    assert_eq!(
        mistake_in("[[users]]\nemail = \"pat\"\npassword = \"x\"\nfirst_name = \"P\"\nlast_name = \"E\""),
        "`users[0].email` must be an address such as \"pat@example.com\""
    );
    assert_eq!(
        mistake("https://id.example.com/oauth2/default", "http://id.example.com/oauth2/default"),
        "`server.issuer` must begin with https:// (http:// only on localhost)"
    );
    assert_eq!(
        mistake("[\"https://app.example.com\"]", "[\"https://app.example.com/\"]"),
        "`clients[0].origins` must be origins such as \"https://app.example.com\""
    );
}

#[test]
fn keys_are_rotated_at_leisure_or_never() {
    let rotation =
        |value: &str| GOOD.replace("[server]", &format!("[server]\nsigning_key_rotation = \"{value}\""));
    Config::from_toml(&rotation("never")).unwrap();
    Config::from_toml(&rotation("1h")).unwrap();
    assert_eq!(
        Config::from_toml(&rotation("59m")).expect_err("a mistake").to_string(),
        "`server.signing_key_rotation` must be an hour at least, or \"never\""
    );
}

#[test]
fn mail_goes_one_way() {
    let neither_nor = "`mail.inbox` must be true, or else [mail.smtp] must be there, not both";
    assert_eq!(mistake("inbox = true", ""), neither_nor);
    assert_eq!(mistake_in("[mail.smtp]\nhost = \"mx\"\nfrom = \"a@example.com\""), neither_nor);
    let smtp = |more: &str| mistake("inbox = true", &format!("[mail.smtp]\nhost = \"mx\"\n{more}"));
    assert_eq!(smtp(""), "missing key `mail.smtp.from`");
    assert_eq!(
        smtp("from = \"nobody\""),
        "`mail.smtp.from` must be an address such as \"Demo <no-reply@example.com>\""
    );
    assert_eq!(
        smtp("from = \"a@example.com\"\nusername = \"a\""),
        "`mail.smtp.username` and `password` must be given together"
    );
    assert_eq!(
        smtp("from = \"a@example.com\"\ntls = \"none\"\nusername = \"a\"\npassword = \"b\""),
        "`mail.smtp.tls` must not be \"none\" when a password would be sent"
    );
}

#[test]
fn what_is_not_toml_is_shown_where_it_breaks() {
    let error = Config::from_toml("[server\nissuer = 1").expect_err("a mistake").to_string();
    assert!(error.starts_with("the configuration is not valid TOML: "), "{error}");
    assert!(error.contains("line 1"), "{error}");
}

mod given_authenticators {
    use super::*;

    #[test]
    fn what_cannot_work_is_refused_with_what_is_missing() {
        assert_eq!(
            mistake_in("[policy]\npasskey_autofill = true"),
            "`policy.passkey_autofill` needs `policy.authenticators.passkey`"
        );
        assert_eq!(
            mistake_in("[policy]\nemail_code = false\nsecond_factor = \"always\""),
            "`policy.second_factor` cannot be \"always\" with neither `policy.email_code` nor anything in \
             [policy.authenticators]"
        );
        assert_eq!(
            mistake_in("[policy.authenticators]\npasskey = \"maybe\""),
            "`policy.authenticators.passkey` must be one of \"off\", \"optional\", \"required\""
        );
    }

    #[test]
    fn what_would_need_real_telephones_needs_the_inbox() {
        let smtp =
            GOOD.replace("[mail]\ninbox = true", "[mail.smtp]\nhost = \"mx\"\nfrom = \"a@example.com\"");
        for key in ["phone", "push"] {
            let tables = format!("{smtp}\n[policy.authenticators]\n{key} = \"optional\"");
            let mistake = Config::from_toml(&tables).expect_err("a mistake").to_string();
            let expected = "needs `mail.inbox`: nothing is sent to real phones";
            assert_eq!(mistake, format!("`policy.authenticators.{key}` {expected}"));
        }
    }

    #[test]
    fn pages_that_could_not_use_passkeys_are_named() {
        assert_eq!(
            mistake_in("[policy.authenticators]\npasskey = \"optional\""),
            "`clients[0].origins` has https://app.example.com, which is not within `server.rp_id` \
             (\"id.example.com\")"
        );
        let address = GOOD.replace("[server]", "[server]\nrp_id = \"127.0.0.1\"");
        let mistake =
            Config::from_toml(&format!("{address}\n[policy.authenticators]\npasskey = \"optional\""));
        assert_eq!(
            mistake.expect_err("a mistake").to_string(),
            "`server.rp_id` must be a domain: browsers make no passkeys for addresses"
        );
        let good = GOOD.replace("[server]", "[server]\nrp_id = \"example.com\"");
        Config::from_toml(&format!("{good}\n[policy.authenticators]\npasskey = \"optional\"")).unwrap();
    }
}

#[test]
fn a_second_proof_at_another_provider_needs_the_provider() {
    assert_eq!(
        mistake_in("[policy.authenticators]\nidentity_provider = \"optional\""),
        "`clients[0]` has a policy with `authenticators.identity_provider`, for which one of \
         [[identity_providers]] has to be a `factor`"
    );
}

#[test]
fn a_mistake_about_another_provider_is_named() {
    let good = "[[identity_providers]]\nid = \"canal\"\nname = \"Canal\"\nissuer = \"https://id.canal.example\"\n\
                client_id = \"x\"\n";
    Config::from_toml(&format!("{GOOD}\n{good}")).unwrap();
    for (line, expected) in [
        ("scopes = [\"email\"]", "scopes` must contain \"openid\""),
        ("sign_in = false", "sign_in` and `factor` cannot both be false"),
        ("linking = \"always\"", "linking` must be one of \"never\", \"verified_email\""),
        ("provisioning = \"yes\"", "provisioning` must be one of \"jit\", \"none\""),
        ("type = \"google\"", "type` must be a word in capitals, such as \"OIDC\" or \"GOOGLE\""),
        ("clients = [\"nobody\"]", "clients` must name clients of [[clients]] by their client_id"),
    ] {
        assert_eq!(mistake_in(&format!("{good}{line}")), format!("`identity_providers[0].{expected}"));
    }
    let said = |from: &str, to: &str| mistake_in(&good.replace(from, to));
    assert_eq!(
        said("\"canal\"", "\"the canal\""),
        "`identity_providers[0].id` must be letters, digits, \"-\" and \"_\": it is part of addresses"
    );
    assert_eq!(
        said("https://id.canal", "http://id.canal"),
        "`identity_providers[0].issuer` must be an address that begins with https:// (http:// only on localhost), \
         without query"
    );
    assert_eq!(
        mistake_in(&format!("{good}{good}")),
        "`identity_providers[1].id` is the id of another identity provider already"
    );
    let two = format!("{good}factor = true\n{}factor = true", good.replace("\"canal\"", "\"lock\""));
    assert_eq!(mistake_in(&two), "`identity_providers[1].factor` can be true for one identity provider only");
}

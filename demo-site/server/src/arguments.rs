//! The command line of the program.

use std::path::PathBuf;

use latchkey_server::TokenKind;

/// What the program is to do.
pub(crate) struct Arguments {
    pub(crate) config: PathBuf,
    /// Makes a token instead of listening.
    pub(crate) token: Option<NewToken>,
}

/// The token that is to be made.
pub(crate) struct NewToken {
    pub(crate) user: String,
    pub(crate) kind: TokenKind,
    pub(crate) client: Option<String>,
    /// A page of the client, to which the token is added as a parameter.
    page: Option<String>,
}

impl Arguments {
    pub(crate) fn read(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut arguments = arguments.peekable();
        let makes_token = arguments.next_if(|first| first == "token").is_some();
        let mut options = Options::default();
        while let Some(name) = arguments.next() {
            let value = arguments.next().ok_or(USAGE)?;
            options.set(&name, value, makes_token)?;
        }
        let config = options.config.take().ok_or(USAGE)?.into();
        let token = if makes_token { Some(options.token()?) } else { None };
        Ok(Self { config, token })
    }
}

impl NewToken {
    /// The token, in the address of the page if there is one.
    pub(crate) fn shown(&self, token: &str) -> String {
        match (&self.page, self.kind.parameter()) {
            (Some(page), Some(parameter)) => {
                let sign = if page.contains('?') { '&' } else { '?' };
                format!("{page}{sign}{parameter}={token}")
            }
            (None, _) | (Some(_), None) => token.to_owned(),
        }
    }
}

#[derive(Default)]
struct Options {
    config: Option<String>,
    user: Option<String>,
    kind: Option<String>,
    client: Option<String>,
    page: Option<String>,
}

impl Options {
    fn set(&mut self, name: &str, value: String, makes_token: bool) -> Result<(), String> {
        let option = match name {
            "--config" => &mut self.config,
            "--user" if makes_token => &mut self.user,
            "--kind" if makes_token => &mut self.kind,
            "--client" if makes_token => &mut self.client,
            "--page" if makes_token => &mut self.page,
            _ => return Err(USAGE.to_owned()),
        };
        if option.replace(value).is_some() { Err(USAGE.to_owned()) } else { Ok(()) }
    }

    fn token(self) -> Result<NewToken, String> {
        let kind = self.kind.as_deref().and_then(TokenKind::of_name).ok_or(USAGE)?;
        if self.page.is_some() && kind.parameter().is_none() {
            return Err("--page is for tokens: a temporary access code is typed".to_owned());
        }
        Ok(NewToken { user: self.user.ok_or(USAGE)?, kind, client: self.client, page: self.page })
    }
}

const USAGE: &str = "usage: latchkey-server --config FILE (see latchkey.example.toml)
       latchkey-server token --config FILE --user ADDRESS --kind activation|recovery|temporary-access-code
                             [--client CLIENT_ID] [--page ADDRESS]";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Arguments, String> {
        Arguments::read(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn a_configuration_alone_starts_the_server() {
        let arguments = read("--config a.toml").unwrap();
        assert_eq!(arguments.config, PathBuf::from("a.toml"));
        assert!(arguments.token.is_none());
    }

    #[test]
    fn a_token_is_shown_in_the_address_of_a_page() {
        let line = "token --config a.toml --user pat@example.com --kind recovery --page";
        let token = |page: &str| read(&format!("{line} {page}")).unwrap().token.unwrap();
        assert_eq!(token("https://a.example/").shown("T"), "https://a.example/?recovery_token=T");
        assert_eq!(token("https://a.example/?x=1").shown("T"), "https://a.example/?x=1&recovery_token=T");
    }

    #[test]
    fn what_is_not_a_command_gets_the_usage() {
        for line in [
            "",
            "--config",
            "--config a --config b",
            "--user pat@example.com --config a",
            "token --config a --user pat@example.com",
            "token --config a --user pat@example.com --kind magic",
            "token --user pat@example.com --kind recovery",
        ] {
            assert_eq!(read(line).err().as_deref(), Some(USAGE), "{line}");
        }
        assert!(read("token --config a --user b --kind temporary-access-code --page c").is_err());
    }
}

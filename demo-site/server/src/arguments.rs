//! The command line of the program.

use std::path::PathBuf;

use latchkey_server::TokenKind;

/// What the program is to do.
pub(crate) struct Arguments {
    pub(crate) config: PathBuf,
    pub(crate) task: Task,
}

/// What there is to do.
pub(crate) enum Task {
    Listen,
    MakeToken(NewToken),
    /// Copies the database into a new file.
    BackUp {
        to: PathBuf,
    },
    /// Makes new signing keys.
    RotateKeys {
        /// Whether those that are there are worth nothing from now on.
        drops_others: bool,
    },
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
        let command = arguments.next_if(|first| !first.starts_with("--")).unwrap_or_default();
        let mut options = Options::default();
        let mut drops_others = false;
        while let Some(name) = arguments.next() {
            if (command.as_str(), name.as_str(), drops_others) == ("rotate-keys", "--drop", false) {
                drops_others = true;
                continue;
            }
            let value = arguments.next().ok_or(USAGE)?;
            options.set(&command, &name, value)?;
        }
        let config = options.config.take().ok_or(USAGE)?.into();
        let task = match command.as_str() {
            "" => Task::Listen,
            "token" => Task::MakeToken(options.token()?),
            "backup" => Task::BackUp { to: options.to.ok_or(USAGE)?.into() },
            "rotate-keys" => Task::RotateKeys { drops_others },
            _ => return Err(USAGE.to_owned()),
        };
        Ok(Self { config, task })
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
    to: Option<String>,
}

impl Options {
    fn set(&mut self, command: &str, name: &str, value: String) -> Result<(), String> {
        let option = match (command, name) {
            (_, "--config") => &mut self.config,
            ("token", "--user") => &mut self.user,
            ("token", "--kind") => &mut self.kind,
            ("token", "--client") => &mut self.client,
            ("token", "--page") => &mut self.page,
            ("backup", "--to") => &mut self.to,
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
       latchkey-server token --config FILE --user ADDRESS --kind activation|recovery|session|temporary-access-code
                             [--client CLIENT_ID] [--page ADDRESS]
       latchkey-server backup --config FILE --to COPY
       latchkey-server rotate-keys --config FILE [--drop]";

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
        assert!(matches!(arguments.task, Task::Listen));
    }

    #[test]
    fn keys_are_rotated_on_demand() {
        for (line, is_dropping) in [
            ("rotate-keys --config a.toml", false),
            ("rotate-keys --config a.toml --drop", true),
            ("rotate-keys --drop --config a.toml", true),
        ] {
            let task = read(line).unwrap().task;
            assert!(
                matches!(task, Task::RotateKeys { drops_others } if drops_others == is_dropping),
                "{line}"
            );
        }
    }

    #[test]
    fn a_token_is_shown_in_the_address_of_a_page() {
        let line = "token --config a.toml --user pat@example.com --kind recovery --page";
        let token = |page: &str| match read(&format!("{line} {page}")).unwrap().task {
            Task::MakeToken(token) => token,
            Task::Listen | Task::BackUp { .. } | Task::RotateKeys { .. } => panic!("another task"),
        };
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
            "token --config a --user pat@example.com --kind recovery --to b",
            "backup --config a",
            "rotate-keys",
            "rotate-keys --config a --user b",
            "rotate-keys --config a --drop --drop",
            "backup --config a --to b --drop",
            "--config a --drop",
            "backup --to a",
            "restore --config a",
        ] {
            assert_eq!(read(line).err().as_deref(), Some(USAGE), "{line}");
        }
        assert!(read("token --config a --user b --kind temporary-access-code --page c").is_err());
    }
}

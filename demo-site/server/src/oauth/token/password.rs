//! The resource owner's password, straight from the client (RFC 6749 section 4.3).
//!
//! RFC 9700 section 2.4 forbids it to new clients, and so it is there only for those whose configuration names it.
//! It is the same password as at sign-in, under the same limits and in the same time; a policy that wants a second
//! proof is not satisfied by it.

use super::{Exchanged, Issue, TokenRequest};
use crate::failure::Failure;
use crate::idx::acr::Acr;
use crate::idx::amr::{Amr, Method};
use crate::idx::enrollment::Enrollment;
use crate::idx::requirements::Requirements;
use crate::idx::transaction::Person;
use crate::limits::Purpose;
use crate::oauth::grant::{Asked, Authentication};
use crate::oauth::interact::read_scope;
use crate::oauth::{OAuthError, Rejection};
use crate::services::Services;
use crate::store::User;

impl Services {
    pub(super) async fn exchange_password(&self, request: &TokenRequest<'_>) -> Exchanged {
        let params = request.params;
        let (username, password) = (params.require("username")?, params.require("password")?);
        let scope = read_scope(request.server, params)?;
        let user = self.owner(request, username, password).await?;
        let amr = Amr::of(Method::Password);
        let person = Person::new(&user.email, &user.id, amr.clone());
        if self.wants_more(request, &person, &user).await? {
            return Err(OAuthError::new(400, "access_denied", DENIED_BY_POLICY).into());
        }
        let asked = Asked {
            authorization_server: &request.server.id,
            client_id: &request.client.client_id,
            scope: &scope,
            nonce: None,
        };
        let authentication = Authentication {
            user_id: &user.id,
            amr: &amr.claim(),
            acr: Some(Acr::reached(None, &amr).name()),
            identity_provider: None,
            auth_time: self.clock.now(),
            session: None,
        };
        let grant = self.grant_for(&asked, &authentication)?;
        self.store.add_grant(&grant, None, self.clock.now()).await?;
        Ok(self.issue(request, Issue::first(self, &grant)).await?)
    }

    /// Whose password it is, if it is theirs.
    async fn owner(
        &self,
        request: &TokenRequest<'_>,
        username: &str,
        password: &str,
    ) -> Result<User, Rejection> {
        let identifier = username.trim().to_lowercase();
        let limits = self.config.policy_of(&request.client.client_id).attempts;
        if let Some(blocked) = self.admit(&limits, Purpose::Password, &identifier, request.address).await? {
            return Err(OAuthError::too_often(blocked.retry_after).into());
        }
        let user = self.store.user_by_email(&identifier).await?;
        let hash = user.as_ref().and_then(|user| user.password_hash.as_deref());
        let is_right = self.passwords.verify(password, hash).await?;
        let Some(user) = user.filter(|_| is_right) else {
            return Err(OAuthError::invalid_grant("The credentials provided were invalid.").into());
        };
        self.forgive(Purpose::Password, &identifier, request.address).await?;
        Ok(user)
    }

    /// Whether the policy would go on to ask for something else: a second proof, or one to be set up.
    async fn wants_more(
        &self,
        request: &TokenRequest<'_>,
        person: &Person,
        user: &User,
    ) -> Result<bool, Failure> {
        let policy = self.config.policy_of(&request.client.client_id);
        let requirements =
            Requirements { policy, has_passkeys: false, has_factor_provider: false, acr: None };
        let enrollments: Vec<_> = self.store.enrollments(&user.id).await?;
        let enrollments: Vec<_> =
            enrollments.into_iter().map(Enrollment::restore).collect::<Result<_, _>>()?;
        // A passkey counts even where this client could not ask for it: who has one is better protected.
        let set_up: Vec<_> = enrollments.iter().map(Enrollment::kind).collect();
        let has_password = user.password_hash.is_some();
        let (_, may_skip) = requirements.offers(person, &set_up);
        Ok(!may_skip || !requirements.second_factors(person, &set_up, has_password).is_empty())
    }
}

const DENIED_BY_POLICY: &str = "Resource owner password credentials authentication denied by sign on policy.";

//! What the policy still asks of somebody who has proved who they are once.
//!
//! Pure rules, for the flow that decides by them and for the answers that show them.

use super::amr::Method;
use super::authenticators::Kind;
use super::transaction::Person;
use crate::config::{Enrollment, Policy, SecondFactor};

/// The rules for people of one client.
#[derive(Clone, Copy)]
pub(crate) struct Requirements<'a> {
    pub(crate) policy: &'a Policy,
    /// Whether pages of the client can use passkeys at all.
    pub(crate) has_passkeys: bool,
}

impl Requirements<'_> {
    /// Which second proofs there are to choose from; none if none is asked for, or there is none.
    pub(crate) fn second_factors(&self, person: &Person, set_up: &[Kind], has_password: bool) -> Vec<Kind> {
        let policy = self.policy;
        if person.has_second || policy.second_factor == SecondFactor::Never {
            return Vec::new();
        }
        let enrolled: Vec<_> = self.in_order().filter(|kind| set_up.contains(kind)).collect();
        if !enrolled.is_empty() || policy.second_factor == SecondFactor::IfEnrolled {
            return enrolled;
        }
        // Nothing is set up: what everybody has serves, as long as it was not the first proof.
        let is_left = |kind: &Kind| match kind {
            Kind::Password => has_password && !person.amr.has(Method::Password),
            Kind::Email => policy.email_code && !person.amr.has(Method::OneTimeCode),
            Kind::Passkey | Kind::Totp | Kind::SecurityQuestion | Kind::Phone | Kind::Push => false,
        };
        self.in_order().filter(is_left).collect()
    }

    /// What people may prove themselves with after they have said who they are; never nothing.
    pub(crate) fn first_factors(&self) -> Vec<Kind> {
        let is_one = |kind: &Kind| match kind {
            Kind::Password => true,
            Kind::Email => self.policy.email_code,
            Kind::Passkey | Kind::Totp | Kind::SecurityQuestion | Kind::Phone | Kind::Push => false,
        };
        self.in_order().filter(is_one).collect()
    }

    /// What is left to set up, and whether it may be skipped.
    pub(crate) fn offers(&self, person: &Person, set_up: &[Kind]) -> (Vec<Kind>, bool) {
        let missing = |kind: &Kind| !set_up.contains(kind) && !person.set_up.contains(kind);
        let left: Vec<_> = self.in_order().filter(|kind| self.knows(*kind) && missing(kind)).collect();
        let is_required = |kind: &Kind| self.enrollment_of(*kind) == Enrollment::Required;
        let is_alone = self.policy.second_factor == SecondFactor::Always && !person.has_second;
        let may_skip = !is_alone && !left.iter().any(is_required);
        (left, may_skip)
    }

    fn in_order(&self) -> impl Iterator<Item = Kind> {
        self.policy.authenticators.order.iter().copied()
    }

    /// Whether people set this authenticator up, and are asked for it.
    pub(crate) fn knows(&self, kind: Kind) -> bool {
        self.enrollment_of(kind) != Enrollment::Off
    }

    fn enrollment_of(&self, kind: Kind) -> Enrollment {
        let authenticators = &self.policy.authenticators;
        match kind {
            Kind::Passkey if self.has_passkeys => authenticators.passkey,
            Kind::Totp => authenticators.totp,
            Kind::SecurityQuestion => authenticators.security_question,
            Kind::Phone => authenticators.phone,
            Kind::Push => authenticators.push,
            Kind::Passkey | Kind::Password | Kind::Email => Enrollment::Off,
        }
    }
}

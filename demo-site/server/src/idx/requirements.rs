//! What the policy, and the client by `acr_values`, still ask of somebody who has proved who they are once.
//!
//! Pure rules, for the flow that decides by them and for the answers that show them.

use super::acr::Acr;
use super::amr::{Amr, Method};
use super::authenticators::Kind;
use super::transaction::Person;
use crate::config::{Enrollment, Policy, SecondFactor};

/// The rules for people of one client.
#[derive(Clone, Copy)]
pub(crate) struct Requirements<'a> {
    pub(crate) policy: &'a Policy,
    /// Whether pages of the client can use passkeys at all.
    pub(crate) has_passkeys: bool,
    /// Whether there is a provider that is a second proof for its people.
    pub(crate) has_factor_provider: bool,
    /// The class that the client asked for, if it asked.
    pub(crate) acr: Option<Acr>,
}

impl Requirements<'_> {
    /// Which second proofs there are to choose from; none if none is asked for, or there is none.
    pub(crate) fn second_factors(&self, person: &Person, set_up: &[Kind], has_password: bool) -> Vec<Kind> {
        let set_up: Vec<_> = set_up.iter().copied().filter(|kind| !person.spent.contains(kind)).collect();
        if let Some(acr) = self.acr.filter(|acr| !acr.is_satisfied_by(&person.amr)) {
            let raising = self.raising(acr, &person.amr, &set_up, has_password);
            if !raising.is_empty() {
                return raising;
            }
        }
        let policy = self.policy;
        if person.has_second || policy.second_factor == SecondFactor::Never {
            return Vec::new();
        }
        let enrolled: Vec<_> = self.in_order().filter(|kind| set_up.contains(kind)).collect();
        // A temporary code stands in for what somebody has set up and does not ask for more than that.
        let has_lasting = enrolled.iter().any(|kind| *kind != Kind::Tac);
        if has_lasting {
            return enrolled;
        }
        if policy.second_factor == SecondFactor::IfEnrolled {
            return Vec::new();
        }
        // Nothing is set up: what everybody has serves, as long as it was not the first proof.
        let is_left = |kind: &Kind| match kind {
            Kind::Password => self.has_passwords() && has_password && !person.amr.has(Method::Password),
            Kind::Email => policy.email_code && !person.amr.has(Method::OneTimeCode),
            Kind::Tac => enrolled.contains(kind),
            Kind::Passkey
            | Kind::Totp
            | Kind::SecurityQuestion
            | Kind::Phone
            | Kind::Push
            | Kind::IdentityProvider => false,
        };
        self.in_order().filter(is_left).collect()
    }

    /// The proofs that would make it sure enough: of what people hold, or else the mail, which everybody gets.
    fn raising(&self, acr: Acr, amr: &Amr, set_up: &[Kind], has_password: bool) -> Vec<Kind> {
        let has_password = has_password && self.has_passwords();
        let is_held = |kind: &Kind| set_up.contains(kind) || (*kind == Kind::Password && has_password);
        let held: Vec<_> =
            self.in_order().filter(is_held).filter(|kind| is_raising(acr, amr, *kind)).collect();
        if !held.is_empty() {
            return held;
        }
        if self.policy.email_code && is_raising(acr, amr, Kind::Email) {
            return vec![Kind::Email];
        }
        match acr {
            // Before somebody sets up what is missing they give what they have: a stolen password alone must not
            // become a passkey.
            Acr::PhishingResistant | Acr::PhishingResistantHardware if !amr.is_multi_factor() => {
                self.raising(Acr::TwoFactors, amr, set_up, has_password)
            }
            _ => Vec::new(),
        }
    }

    /// The class that is asked for and not reached, once nothing is left to prove it with.
    fn unmet(&self, amr: &Amr) -> Option<Acr> {
        self.acr.filter(|acr| *acr != Acr::TwoFactorsIfPossible && !acr.is_satisfied_by(amr))
    }

    /// Whether there is a way for people of this client to be that sure.
    pub(crate) fn can_reach(&self, acr: Acr) -> bool {
        let first = Amr::of(if self.has_passwords() { Method::Password } else { Method::OneTimeCode });
        let mut others = self
            .in_order()
            .filter(|kind| self.knows(*kind) || (*kind == Kind::Email && self.policy.email_code));
        acr == Acr::TwoFactorsIfPossible
            || acr.is_satisfied_by(&first)
            || others.any(|kind| is_raising(acr, &first, kind))
    }

    /// What people may prove themselves with after they have said who they are; never nothing.
    pub(crate) fn first_factors(&self) -> Vec<Kind> {
        let is_password_asked = self.has_passwords() && self.acr == Some(Acr::Password);
        let is_one = |kind: &Kind| match kind {
            Kind::Password => self.has_passwords(),
            Kind::Email => self.policy.email_code && !is_password_asked,
            Kind::Tac => self.knows(Kind::Tac) && !is_password_asked,
            Kind::Passkey
            | Kind::Totp
            | Kind::SecurityQuestion
            | Kind::Phone
            | Kind::Push
            | Kind::IdentityProvider => false,
        };
        self.in_order().filter(is_one).collect()
    }

    /// What is left to set up, and whether it may be skipped.
    pub(crate) fn offers(&self, person: &Person, set_up: &[Kind]) -> (Vec<Kind>, bool) {
        let missing = |kind: &Kind| !set_up.contains(kind) && !person.set_up.contains(kind);
        let is_set_up = |kind: &Kind| self.enrollment_of(*kind) != Enrollment::Off;
        let mut left: Vec<_> = self.in_order().filter(|kind| is_set_up(kind) && missing(kind)).collect();
        if let Some(acr) = self.unmet(&person.amr) {
            // What is only chosen proves nothing.
            left.retain(|kind| *kind != Kind::SecurityQuestion && is_raising(acr, &person.amr, *kind));
            return (left, false);
        }
        let is_required =
            |kind: &Kind| self.is_required(*kind) && !person.graces.iter().any(|period| period.kind == *kind);
        let may_skip = self.may_put_off(person) && !left.iter().any(is_required);
        (left, may_skip)
    }

    /// Whether they could be let in with nothing more set up.
    pub(crate) fn may_put_off(&self, person: &Person) -> bool {
        let is_alone = self.policy.second_factor == SecondFactor::Always && !person.has_second;
        !is_alone && self.unmet(&person.amr).is_none()
    }

    /// Whether there is a password to forget, and a way back in.
    pub(crate) fn has_recovery(&self) -> bool {
        self.has_passwords() && !self.policy.recovery.authenticators.is_empty()
    }

    pub(crate) fn has_passwords(&self) -> bool {
        self.policy.authenticators.password
    }

    pub(crate) fn is_required(&self, kind: Kind) -> bool {
        self.enrollment_of(kind) == Enrollment::Required
    }

    fn in_order(&self) -> impl Iterator<Item = Kind> {
        self.policy.authenticators.order.iter().copied()
    }

    /// Whether people set this authenticator up, or are given it, and are asked for it.
    pub(crate) fn knows(&self, kind: Kind) -> bool {
        match kind {
            Kind::Tac => self.policy.authenticators.temporary_access_code,
            _ => self.enrollment_of(kind) != Enrollment::Off,
        }
    }

    /// Whether there is any such authenticator.
    pub(crate) fn know_any(&self) -> bool {
        Kind::all().any(|kind| self.knows(kind))
    }

    fn enrollment_of(&self, kind: Kind) -> Enrollment {
        let authenticators = &self.policy.authenticators;
        match kind {
            Kind::Passkey if self.has_passkeys => authenticators.passkey,
            Kind::IdentityProvider if self.has_factor_provider => authenticators.identity_provider,
            Kind::Totp => authenticators.totp,
            Kind::SecurityQuestion => authenticators.security_question,
            Kind::Phone => authenticators.phone,
            Kind::Push => authenticators.push,
            Kind::Passkey | Kind::Password | Kind::Email | Kind::IdentityProvider | Kind::Tac => {
                Enrollment::Off
            }
        }
    }
}

/// Whether this proof, beside those that were given, makes it sure enough.
fn is_raising(acr: Acr, amr: &Amr, kind: Kind) -> bool {
    // A passkey that was used and was not enough will not be enough the next time either.
    let is_spent = kind == Kind::Passkey && Acr::PhishingResistant.is_satisfied_by(amr);
    !is_spent && !acr.is_satisfied_by(amr) && acr.is_satisfied_by(&amr.clone().and(best_of(kind)))
}

/// The most that a proof of this kind can be.
fn best_of(kind: Kind) -> Method {
    match kind {
        Kind::Password => Method::Password,
        Kind::Email | Kind::Totp | Kind::Tac => Method::OneTimeCode,
        Kind::Passkey => Method::HardwareKey,
        Kind::SecurityQuestion => Method::SecurityQuestion,
        Kind::Phone => Method::TextMessage,
        Kind::Push => Method::DeviceKey,
        Kind::IdentityProvider => Method::Federation,
    }
}

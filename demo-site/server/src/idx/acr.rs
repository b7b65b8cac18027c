//! How sure it has to be who it is: the authentication context classes that clients ask for with `acr_values`.
//!
//! Pure rules over what was proved ([`Amr`]), for sign-ins under way and for sessions that are there already. Which
//! proofs a policy has to offer for a class is in `requirements.rs`.

use serde::{Deserialize, Serialize};

use super::amr::{Amr, Method};

/// One class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Acr {
    /// Any proof.
    OneFactor,
    /// The password, whatever else.
    Password,
    /// Two proofs of different kinds: something known and something held.
    TwoFactors,
    /// Two from people who can give two.
    TwoFactorsIfPossible,
    /// A proof that is worth nothing on another site (EAP ACR Values 1.0, `phr`).
    PhishingResistant,
    /// Such a proof by a key that cannot leave its device (EAP ACR Values 1.0, `phrh`).
    PhishingResistantHardware,
}

impl Acr {
    const NAMES: [(&str, Self); 6] = [
        ("urn:okta:loa:1fa:any", Self::OneFactor),
        ("urn:okta:loa:1fa:pwd", Self::Password),
        ("urn:okta:loa:2fa:any", Self::TwoFactors),
        ("urn:okta:loa:2fa:any:ifpossible", Self::TwoFactorsIfPossible),
        ("phr", Self::PhishingResistant),
        ("phrh", Self::PhishingResistantHardware),
    ];

    /// Reads `acr_values`: classes in order of preference (OIDC Core section 3.1.2.1). Those that nobody here knows
    /// are left out.
    pub(crate) fn parse(acr_values: &str) -> Vec<Self> {
        let known = |word| Self::NAMES.iter().find(|(name, _)| *name == word).map(|(_, acr)| *acr);
        acr_values.split(' ').filter_map(known).collect()
    }

    /// All there are, as clients write them.
    pub(crate) fn supported() -> impl Iterator<Item = &'static str> {
        Self::NAMES.iter().map(|(name, _)| *name)
    }

    pub(crate) fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, acr)| *acr == self).map_or("", |(name, _)| name)
    }

    /// Whether this is proof enough. Of whom nothing more is possible, [`Acr::TwoFactorsIfPossible`] takes less: that is
    /// for the caller to find out.
    pub(crate) fn is_satisfied_by(self, amr: &Amr) -> bool {
        match self {
            Self::OneFactor => true,
            Self::Password => amr.has(Method::Password),
            Self::TwoFactors | Self::TwoFactorsIfPossible => amr.is_multi_factor(),
            Self::PhishingResistant => amr.has(Method::HardwareKey) || amr.has(Method::SoftwareKey),
            Self::PhishingResistantHardware => amr.has(Method::HardwareKey),
        }
    }

    /// What the tokens say: the class that was asked for, or else the strongest of the general ones that was reached.
    pub(crate) fn reached(requested: Option<Self>, amr: &Amr) -> Self {
        let general = if amr.is_multi_factor() { Self::TwoFactors } else { Self::OneFactor };
        requested.unwrap_or(general)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_keep_their_order_and_unknown_ones_are_left_out() {
        assert_eq!(
            Acr::parse("phrh urn:example:gold phr"),
            [Acr::PhishingResistantHardware, Acr::PhishingResistant]
        );
        assert_eq!(Acr::parse("urn:okta:loa:2fa"), []);
        for name in Acr::supported() {
            assert_eq!(Acr::parse(name).first().unwrap().name(), name);
        }
    }

    #[test]
    fn each_class_asks_for_its_proof() {
        let password = Amr::of(Method::Password);
        let two = password.clone().and(Method::OneTimeCode);
        let twice_known = password.clone().and(Method::SecurityQuestion);
        let push = password.clone().and(Method::DeviceKey);
        let synced = Amr::verified_key(Method::SoftwareKey);
        let bound = Amr::verified_key(Method::HardwareKey);
        for (acr, expected) in [
            (Acr::OneFactor, [true, true, true, true, true, true]),
            (Acr::Password, [true, true, true, true, false, false]),
            (Acr::TwoFactors, [false, true, false, true, true, true]),
            (Acr::PhishingResistant, [false, false, false, false, true, true]),
            (Acr::PhishingResistantHardware, [false, false, false, false, false, true]),
        ] {
            let given = [&password, &two, &twice_known, &push, &synced, &bound];
            assert_eq!(given.map(|amr| acr.is_satisfied_by(amr)), expected, "{acr:?}");
        }
    }

    #[test]
    fn tokens_say_what_was_asked_for_or_else_how_many_proofs_there_were() {
        let password = Amr::of(Method::Password);
        assert_eq!(Acr::reached(None, &password), Acr::OneFactor);
        assert_eq!(Acr::reached(None, &password.clone().and(Method::OneTimeCode)), Acr::TwoFactors);
        assert_eq!(Acr::reached(Some(Acr::TwoFactorsIfPossible), &password), Acr::TwoFactorsIfPossible);
    }
}

//! How somebody has proved who they are, in the words of RFC 8176.

use serde::{Deserialize, Serialize};

use crate::phone::PhoneMethod;

/// The proofs that were given in one sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Amr {
    methods: Vec<Method>,
    is_multi_factor: bool,
}

/// One way to prove it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Method {
    Password,
    /// A code by mail or from an app.
    OneTimeCode,
    TextMessage,
    PhoneCall,
    SecurityQuestion,
    /// A key that cannot leave its device.
    HardwareKey,
    /// A key that may be copied between devices.
    SoftwareKey,
    /// A device that was asked and said yes. Nothing ties its answer to the page that asked.
    DeviceKey,
    /// An account at another identity provider.
    Federation,
}

impl Amr {
    pub(crate) fn of(method: Method) -> Self {
        Self { methods: vec![method], is_multi_factor: false }
    }

    /// A key that has made sure who holds it: something one has, and something one knows or is.
    pub(crate) fn verified_key(method: Method) -> Self {
        Self { methods: vec![method], is_multi_factor: true }
    }

    /// With what is not a proof of its own, such as the password that was just chosen.
    pub(crate) fn with(mut self, method: Method) -> Self {
        if !self.methods.contains(&method) {
            self.methods.push(method);
        }
        self
    }

    /// With another proof.
    pub(crate) fn and(self, method: Method) -> Self {
        let differs = self.methods.iter().any(|given| given.factor() != method.factor());
        let is_verified_key = matches!(method, Method::HardwareKey | Method::SoftwareKey);
        // A passkey has made sure who holds it: it is two factors, whatever else was given.
        let is_multi_factor = self.is_multi_factor || differs || is_verified_key;
        Self { is_multi_factor, ..self.with(method) }
    }

    pub(crate) fn has(&self, method: Method) -> bool {
        self.methods.contains(&method)
    }

    /// Whether there were two of different kinds.
    pub(crate) fn is_multi_factor(&self) -> bool {
        self.is_multi_factor
    }

    /// The values of the claim, separated by blanks.
    pub(crate) fn claim(&self) -> String {
        let names = self.methods.iter().map(|method| method.name());
        names.chain(self.is_multi_factor.then_some("mfa")).collect::<Vec<_>>().join(" ")
    }
}

impl Method {
    pub(crate) fn by_phone(method: PhoneMethod) -> Self {
        match method {
            PhoneMethod::Sms => Self::TextMessage,
            PhoneMethod::Voice => Self::PhoneCall,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Password => "pwd",
            Self::OneTimeCode => "otp",
            Self::TextMessage => "sms",
            Self::PhoneCall => "tel",
            Self::SecurityQuestion => "kba",
            Self::HardwareKey => "hwk",
            Self::SoftwareKey | Self::DeviceKey => "swk",
            // RFC 8176 has no word for it; this one is what the large federations say.
            Self::Federation => "fed",
        }
    }

    fn factor(self) -> Factor {
        match self {
            Self::Password | Self::SecurityQuestion => Factor::Knowledge,
            Self::OneTimeCode
            | Self::TextMessage
            | Self::PhoneCall
            | Self::HardwareKey
            | Self::SoftwareKey
            | Self::DeviceKey => Factor::Possession,
            Self::Federation => Factor::Federation,
        }
    }
}

/// What two proofs have to differ in to be two factors.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Factor {
    Knowledge,
    Possession,
    /// Unknown: the provider has its own ways. It is an account of its own, and so a factor beside any of ours.
    Federation,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_kinds_of_proof_are_two_factors() {
        assert_eq!(Amr::of(Method::Password).and(Method::OneTimeCode).claim(), "pwd otp mfa");
        assert_eq!(Amr::of(Method::Password).and(Method::SecurityQuestion).claim(), "pwd kba");
        assert_eq!(Amr::of(Method::Federation).and(Method::OneTimeCode).claim(), "fed otp mfa");
        assert_eq!(Amr::verified_key(Method::HardwareKey).claim(), "hwk mfa");
        assert_eq!(Amr::of(Method::OneTimeCode).and(Method::SoftwareKey).claim(), "otp swk mfa");
        assert_eq!(Amr::of(Method::OneTimeCode).and(Method::DeviceKey).claim(), "otp swk");
    }

    #[test]
    fn what_was_only_chosen_is_no_second_factor() {
        assert_eq!(Amr::of(Method::Password).with(Method::OneTimeCode).claim(), "pwd otp");
    }
}

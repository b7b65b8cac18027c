//! The form for the code that a device shows.

use super::{Document, View};
use crate::idx::ion::{Field, List};

impl View<'_> {
    pub(super) fn enter_user_code(&self, document: &mut Document, user_code: Option<&str>) {
        let field = Field::text("userCode", "Activation Code").required();
        let field = field.with_value(user_code).with_messages(self.problems.of_field("userCode"));
        document.remediation = Some(List::new(vec![self.form("user-code", "device/activate", vec![field])]));
        // It is not known yet whose device it is.
        document.app = None;
    }
}

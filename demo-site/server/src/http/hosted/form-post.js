// Sends the form with the answer to the client's server. Its button does the same where scripts do not run.
document.forms[0].submit();

'use strict';

// What goes wrong on this page is written at its top, and found by tests in an attribute.
{
  const errors = [];
  const note = (what) => {
    errors.push(String(what));
    document.documentElement.dataset.errors = errors.join('; ');
  };
  addEventListener('error', (event) => note(event.message));
  addEventListener('unhandledrejection', (event) => note(event.reason));
  addEventListener('securitypolicyviolation', (event) => note(`${event.violatedDirective}: ${event.blockedURI}`));
}

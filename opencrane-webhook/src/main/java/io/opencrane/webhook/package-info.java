/**
 * JSON over HTTPS to systems that are neither LiteLLM nor Kubernetes: an external provisioner, an alert receiver. What is said to them
 * lives with whoever says it; here is only how it travels.
 */
@NullMarked
package io.opencrane.webhook;

import org.jspecify.annotations.NullMarked;

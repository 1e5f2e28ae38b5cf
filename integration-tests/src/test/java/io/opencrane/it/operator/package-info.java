/** The operator sample as its users meet it: a jar, its environment, kubectl and signals. */
package io.opencrane.it.operator;

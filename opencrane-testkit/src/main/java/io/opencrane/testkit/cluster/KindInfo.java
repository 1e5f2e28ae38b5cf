package io.opencrane.testkit.cluster;

import io.opencrane.k8s.object.ObjectType;

/**
 * A kind the fake serves.
 *
 * @param type where it is
 * @param shape what its objects look like
 * @param ownership how its fields are owned: the shape, or free-form where the server cannot make use of the schema
 * @param isBuiltIn whether Kubernetes itself defines it
 */
record KindInfo(ObjectType type, Shape shape, Shape ownership, boolean isBuiltIn) {}

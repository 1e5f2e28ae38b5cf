package io.opencrane.k8s.blueprint;

import io.opencrane.api.tenant.TenantSpec;
import org.jspecify.annotations.Nullable;

/** Which image a tenant runs. Pure. */
final class Image {
    static final String DEFAULT_VERSION = "latest";

    private Image() {}

    /** The tenant's or the default image; its version, where one is set, replaces the image's own tag. */
    static String of(BlueprintInput input) {
        TenantSpec spec = input.tenant().spec();
        String image = spec.openclawImage() == null ? input.settings().tenants().defaultImage() : spec.openclawImage();
        String version = spec.openclawVersion();
        if (version == null) {
            return hasTag(image) || image.contains("@") ? image : image + ":" + DEFAULT_VERSION;
        }
        return untagged(image) + ":" + version;
    }

    /** The version that runs: the tenant's, or the image's own tag; null where a digest alone says what runs. */
    static @Nullable String versionOf(BlueprintInput input) {
        String image = undigested(of(input));
        return hasTag(image) ? image.substring(image.lastIndexOf(':') + 1) : null;
    }

    private static boolean hasTag(String image) {
        return image.indexOf(':', image.lastIndexOf('/') + 1) >= 0;
    }

    private static String undigested(String image) {
        return image.contains("@") ? image.substring(0, image.indexOf('@')) : image;
    }

    private static String untagged(String image) {
        String undigested = undigested(image);
        return hasTag(undigested) ? undigested.substring(0, undigested.lastIndexOf(':')) : undigested;
    }
}

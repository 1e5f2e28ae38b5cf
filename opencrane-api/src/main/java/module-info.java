/** The contract of OpenCrane for Java: models, service interfaces, SPI and errors. No I/O and no other library's types. */
module io.opencrane.api {
    requires com.fasterxml.jackson.annotation;
    requires static transitive org.jspecify;

    exports io.opencrane.api.budget;
    exports io.opencrane.api.clustertenant;
    exports io.opencrane.api.error;
    exports io.opencrane.api.mcp;
    exports io.opencrane.api.policy;
    exports io.opencrane.api.projection;
    exports io.opencrane.api.provisioner;
    exports io.opencrane.api.resource;
    exports io.opencrane.api.schedule;
    exports io.opencrane.api.skill;
    exports io.opencrane.api.tenant;
}

package io.opencrane.litellm;

import com.fasterxml.jackson.databind.JsonNode;
import io.opencrane.api.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Reads lists that come in pages, newest first, and have no snapshot: all that was there at the beginning, or a failure. When such a list
 * shrinks while it is read, a row moves over to a page that was read before and slips through; the totals tell. When it grows, rows come
 * twice, and only the new ones are missing. Only ids and wanted rows are held.
 */
final class Listing {
    static final int MOST_PAGES = 10_000;

    private Listing() {}

    /**
     * Walks all pages.
     *
     * @param subject for failures
     * @param pages reads a page, from 1
     * @param id names a row
     * @param wanted maps a row, or leaves it out
     */
    static <T> List<T> all(
            String subject,
            IntFunction<Page> pages,
            Function<JsonNode, String> id,
            Function<JsonNode, Optional<T>> wanted) {
        Set<String> seen = new HashSet<>();
        List<T> found = new ArrayList<>();
        long atFirst = 0;
        long total = 0;
        long last = 1;
        for (int number = 1; number <= last; number++) {
            Page page = pages.apply(number);
            if (page.total() < total) {
                throw changed(subject);
            }
            for (JsonNode row : page.rows()) {
                if (seen.add(id.apply(row))) {
                    wanted.apply(row).ifPresent(found::add);
                }
            }
            total = page.total();
            atFirst = number == 1 ? total : atFirst;
            last = page.pages();
            requireFew(last, subject);
        }
        if (seen.size() < atFirst) {
            throw changed(subject);
        }
        return List.copyOf(found);
    }

    static void requireFew(long pages, String subject) {
        if (pages > MOST_PAGES) {
            throw LiteLlmException.lasting(
                    ErrorCode.UPSTREAM_ERROR, subject, "LiteLLM lists more than " + MOST_PAGES + " pages.");
        }
    }

    private static LiteLlmException changed(String subject) {
        return LiteLlmException.passing(ErrorCode.UPSTREAM_ERROR, subject, "The list changed while it was read.", null);
    }

    /**
     * One page.
     *
     * @param rows the rows on it, an array
     * @param total how many there are on all pages
     * @param pages how many pages there are
     */
    record Page(JsonNode rows, long total, long pages) {
        /** Reads a page whose answer says how many rows there are; one that does not may lack some. */
        static Page of(JsonNode answer, String rows, String total, String pages, String subject) {
            if (!answer.path(rows).isArray()) {
                throw LiteLlmException.lasting(
                        ErrorCode.UPSTREAM_ERROR, subject, "LiteLLM's answer holds no list of " + rows + ".");
            }
            if (!answer.path(total).isIntegralNumber() || !answer.path(pages).isIntegralNumber()) {
                throw LiteLlmException.lasting(
                        ErrorCode.UPSTREAM_ERROR,
                        subject,
                        "LiteLLM does not say how many " + rows + " there are, so the list may lack some.");
            }
            return new Page(
                    answer.path(rows),
                    answer.path(total).longValue(),
                    answer.path(pages).longValue());
        }
    }
}

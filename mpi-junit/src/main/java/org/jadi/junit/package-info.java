/**
 * Tests on several ranks: {@link org.jadi.junit.MpiTest} on a test method. The ranks are threads of the test's JVM, and share
 * its statics.
 */
package org.jadi.junit;

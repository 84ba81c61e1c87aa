package org.jadi.mpi;

import static org.jadi.mpi.GroupTest.assertClass;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jadi.adi.config.Config;
import org.jadi.junit.MpiTest;
import org.jadi.mpi.launch.LocalJob;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Behaviours adderr, errring, predef_eh, dynamic_errcode_predefined_errclass. */
@Timeout(30)
class ErrhandlerTest {
    @MpiTest(ranks = {1, 2})
    void handlersAreToldOnceOfEachErrorAndThenItIsThrown(IntraComm world) {
        List<String> told = new ArrayList<>();
        assertSame(Errhandler.THROW, world.errhandler());
        Errhandler note = (comm, error) -> told.add(comm.name() + " " + error.errorClass());
        world.setErrhandler(note);
        assertSame(note, world.errhandler());
        assertClass(ErrorClass.RANK, () -> world.send(new int[1], world.size(), 0));
        assertClass(ErrorClass.TAG, () -> world.irecv(new int[1], 0, -5));
        assertClass(ErrorClass.ARG, () -> world.split(-7, 0));
        assertEquals(List.of("world RANK", "world TAG", "world ARG"), told);
        assertClass(ErrorClass.ARG, () -> world.setErrhandler(null));
        CommTest.ring(world);
    }

    @MpiTest(ranks = 2)
    void handlersMayThrowTheirOwnAndUseTheCommunicator(IntraComm world) {
        world.setErrhandler((comm, error) -> {
            CommTest.ring((IntraComm) comm);
            throw new IllegalStateException("mine", error);
        });
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> world.send(new int[1], 77, 0));
        assertEquals(ErrorClass.RANK, ((MpiException) e.getCause()).errorClass());
        world.setErrhandler(Errhandler.THROW);
    }

    @MpiTest(ranks = {1, 2})
    void addedClassesAndCodesAreKnown(Mpi mpi, IntraComm world) {
        ErrorCodes codes = mpi.errorCodes();
        assertEquals(ErrorCodes.LAST_CODE, codes.lastUsedCode());
        int[] classes = new int[20];
        int[][] added = new int[20][5];
        for (int c = 0; c < classes.length; c++) {
            classes[c] = codes.addClass();
            codes.addString(classes[c], "class " + c);
            for (int i = 0; i < 5; i++) {
                added[c][i] = codes.addCode(classes[c]);
                codes.addString(added[c][i], "code " + c + "." + i);
            }
        }
        assertEquals(added[19][4], codes.lastUsedCode());
        for (int c = 0; c < classes.length; c++) {
            assertEquals(classes[c], codes.classOf(classes[c]));
            assertEquals("class " + c, codes.string(classes[c]));
            for (int i = 0; i < 5; i++) {
                assertEquals(classes[c], codes.classOf(added[c][i]));
                assertEquals("code " + c + "." + i, codes.string(added[c][i]));
            }
        }
        MpiException e = assertClass(ErrorClass.OTHER, () -> world.callErrhandler(added[3][2]));
        assertEquals(added[3][2], e.code());
        assertTrue(e.getMessage().contains("code 3.2"), e.getMessage());
        assertClass(ErrorClass.ARG, () -> codes.addCode(added[0][0]));
        assertClass(ErrorClass.ARG, () -> codes.addString(ErrorClass.TAG.ordinal(), "mine"));
        assertClass(ErrorClass.ARG, () -> codes.string(999_999));
    }

    @MpiTest(ranks = 1)
    void codesOfPredefinedClassesKeepTheirClass(Mpi mpi, IntraComm world) {
        ErrorCodes codes = mpi.errorCodes();
        int code = codes.addCode(ErrorClass.NO_MEM.ordinal());
        assertEquals("", codes.string(code));
        codes.addString(code, "no room for the halo");
        assertEquals(ErrorClass.NO_MEM.ordinal(), codes.classOf(code));
        List<Integer> told = new ArrayList<>();
        world.setErrhandler((comm, error) -> told.add(error.code()));
        assertClass(ErrorClass.NO_MEM, () -> world.callErrhandler(code));
        assertClass(ErrorClass.TAG, () -> world.callErrhandler(ErrorClass.TAG.ordinal()));
        assertEquals(List.of(code, ErrorClass.TAG.ordinal()), told);
        assertEquals("MPI_ERR_TAG", codes.string(ErrorClass.TAG.ordinal()));
    }

    @MpiTest(ranks = 1)
    void whatWasAddedIsRemovedFromTheInside(Mpi mpi) {
        ErrorCodes codes = mpi.errorCodes();
        int errorClass = codes.addClass();
        int code = codes.addCode(errorClass);
        codes.addString(code, "text");
        assertClass(ErrorClass.ARG, () -> codes.removeCode(code));
        assertClass(ErrorClass.ARG, () -> codes.removeClass(errorClass));
        codes.removeString(code);
        assertClass(ErrorClass.ARG, () -> codes.removeString(code));
        codes.removeCode(code);
        codes.removeClass(errorClass);
        assertClass(ErrorClass.ARG, () -> codes.classOf(code));
        assertClass(ErrorClass.ARG, () -> codes.removeClass(ErrorClass.TAG.ordinal()));
        assertEquals(ErrorCodes.LAST_CODE, codes.lastUsedCode());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEndTheJobWhereHandlersSaySo(boolean fatal) {
        LocalJob.Failure failure = new LocalJob(3).run(Duration.ofSeconds(20), null, place -> {
            try (Mpi mpi = Mpi.init(place, Config.of(Map.of("device", "self")))) {
                mpi.world().setErrhandler(fatal ? Errhandler.FATAL : Errhandler.ABORT);
                IntraComm dup = mpi.world().dup();
                if (dup.rank() == 1) {
                    dup.send(new int[1], 99, 0);
                }
                dup.recv(new int[1], Comm.ANY_SOURCE, 0);
            }
        });
        assertTrue(failure.report().contains("rank"), failure.report());
        assertTrue(failure.cause().getMessage().contains("abort"), failure.cause().getMessage());
    }
}

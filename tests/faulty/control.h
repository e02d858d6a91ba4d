/*
 * What the faulty module is told to do: the file named by PS_FAULTY_CONTROL, read again whenever it
 * changes. One fault a line:
 *
 *     <function> <which call> <action> [<number>]
 *
 *     C_Sign 3 rv 0x30        the third call answers CKR_DEVICE_ERROR, without the real module
 *     C_Sign 3+ rv 0x30       the third and all later ones
 *     C_Sign * sleep_ms 5     every call sleeps first
 *     C_Sign 5 hang           never comes back
 *     C_Sign 1 crash          ends the process with a signal
 *     C_Sign 2 corrupt        flips a bit of the signature
 *     C_Sign 2 zero           answers with zeros
 *     C_GenerateKeyPair 1 weak   asks the real module for a private key that can be read
 *     C_GetTokenInfo * flags 0x20000   adds CKF_USER_PIN_FINAL_TRY to what the token says
 *
 * Calls are counted from the last reading of the file. PS_FAULTY_LOG names a file that gets a line
 * with the function's name for each call.
 */
#ifndef PARASIGN_TESTS_FAULTY_CONTROL_H
#define PARASIGN_TESTS_FAULTY_CONTROL_H

enum action {
    ACTION_NONE,
    ACTION_RV,
    ACTION_HANG,
    ACTION_CRASH,
    ACTION_SLEEP_MS,
    ACTION_CORRUPT,
    ACTION_ZERO,
    ACTION_WEAK,
    ACTION_FLAGS
};

struct fault {
    enum action action;
    unsigned long number;
};

/* Counts a call of function and says what is to happen in it. Any thread. */
struct fault control_next(const char *function);

#endif

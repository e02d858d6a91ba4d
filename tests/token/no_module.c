/* Loads, but has no C_GetFunctionList. */
const char *ps_no_module(void);

const char *ps_no_module(void)
{
    return "not a PKCS#11 module";
}

/** The most used passwords of at least eight characters in published leaks, in lower case. */

export const commonPasswords: ReadonlySet<string> = new Set(
  `
12345678 123456789 1234567890 0123456789 87654321 987654321 0987654321 123123123 12341234
11223344 1122334455 147258369 123654789 123456abc abc123456 a123456789 a12345678 123456789a
12345678a 123456aa aa123456 aa12345678 abcd1234 1234abcd 1q2w3e4r 1q2w3e4r5t 1qaz2wsx qazwsxedc
q1w2e3r4 zaq12wsx qwer1234 qwertyui qwertyuiop qwerty123 qwerty12 asdfghjk asdfghjkl asdf1234
zxcvbnm1 password password1 password12 password123 passw0rd p@ssw0rd p@ssword pa$$word welcome1
welcome123 admin123 admin1234 admin12345 administrator letmein1 iloveyou iloveyou1 sunshine
princess football baseball superman trustno1 computer internet whatever changeme changeme1
change-me secret123 woaini1314 woaini520 woaini123 5201314520 1314520520 13145201314 a5201314
w123456789 q123456789 wang1234 zhang123 test1234 testtest guest123 root1234 default1 yunqun123
yunqunyunqun
`
    .trim()
    .split(/\s+/),
)

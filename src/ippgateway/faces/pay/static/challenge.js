// Sends the payer on to the bank without a click; without this file the button does the same.
document.getElementById("begin").submit();
document.body.className = "begun"; // from here on the bank's page is all there is to see

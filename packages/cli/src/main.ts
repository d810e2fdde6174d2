process.stdout.write(`writ on ${process.version}\n`);
